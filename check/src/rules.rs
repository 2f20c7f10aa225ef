//! The rules: what a finding is about, with an explanation, an example and what to do.

use std::fmt;

/// What a finding is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Rule {
    /// A version refuses the pattern.
    Refused,
    /// The pattern matches other text than in the version before.
    Changed,
    /// A version warns about the pattern.
    Warned,
    /// A version lacks a function or a flag of `re` that the call uses.
    Missing,
    /// The file was not checked.
    Unchecked,
}

/// How serious a finding is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// The program fails.
    Error,
    /// The program works, today.
    Warning,
}

/// The description of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Description {
    /// The rule.
    pub rule: Rule,
    /// The code, such as `SRE001`.
    pub code: &'static str,
    /// A name in lower case with hyphens.
    pub name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// How serious it is.
    pub level: Level,
    /// What it means, and why it matters.
    pub explanation: &'static str,
    /// Python code that has such a finding, with `versions` given.
    pub example: &'static str,
    /// The versions that the example is checked for.
    pub versions: &'static str,
    /// What to do about it.
    pub fix: &'static str,
}

/// The description of each rule, by code.
pub static RULES: [Description; 5] = [
    Description {
        rule: Rule::Refused,
        code: "SRE001",
        name: "pattern-refused",
        summary: "A wanted version of Python refuses the pattern.",
        level: Level::Error,
        explanation: "\
Compiling the pattern raises an exception in at least one of the versions that the project supports. \
The message is the one of that version. Where only older versions refuse, the pattern uses newer syntax; \
where only newer ones do, Python has become stricter.",
        example: "re.compile(r\"(?P<user>\\w++)@\")",
        versions: "3.9..3.12",
        fix: "\
Where global flags such as (?i) are not at the start, move them there: `sre check --fix` does so. \
Possessive quantifiers (a++) and atomic groups (?>...) exist since 3.11; before, there is no equivalent \
that leaves the numbers of groups alone. (?=(...))\\1 matches the same with one more group. \
Where a version is not supported any more, raise requires-python.",
    },
    Description {
        rule: Rule::Changed,
        code: "SRE002",
        name: "meaning-changes",
        summary: "The pattern matches other text in one wanted version than in another.",
        level: Level::Warning,
        explanation: "\
Both versions accept the pattern, but their compilers decide differently what it matches. Most changes come \
from newer tables of Unicode, which give letters a case that had none. Different code for the same matches \
is not reported. The comparison is of compiled code: it does not cover the engine, except that \\B matches in \
an empty text since 3.14, nor what the engine looks up while matching, such as the letters that \\w stands for.",
        example: "re.compile(\"(?i)\\u019b\")",
        versions: "3.13..3.14",
        fix: "\
Write the characters out that shall match, or compare text after str.casefold(). If the difference does \
not matter, suppress the finding with `# noqa: SRE002`.",
    },
    Description {
        rule: Rule::Warned,
        code: "SRE003",
        name: "pattern-warning",
        summary: "A wanted version of Python warns about the pattern or a flag.",
        level: Level::Warning,
        explanation: "\
Compiling the pattern emits a FutureWarning or a DeprecationWarning. A FutureWarning says that a later \
version may read a set differently: [[ may become a nested set, and --, &&, ~~ and || operators. A \
DeprecationWarning says that a later version refuses the pattern.",
        example: "re.compile(\"[[a-z]\")",
        versions: "3.9..",
        fix: "\
Escape the character that the warning is about ([\\[a-z]), and move global flags to the start. \
`sre check --fix` does both.",
    },
    Description {
        rule: Rule::Missing,
        code: "SRE004",
        name: "name-missing",
        summary: "A wanted version of Python lacks a function or a flag of the module re.",
        level: Level::Error,
        explanation: "\
The call uses a function or a flag that is not in the module re of each wanted version: re.NOFLAG is new in \
3.11, re.prefixmatch in 3.15, and re.template and re.TEMPLATE are gone since 3.13. The call \
raises AttributeError, ImportError or NameError there.",
        example: "re.compile(\"a\", re.NOFLAG)",
        versions: "3.9..",
        fix: "\
Use what all wanted versions have: 0 for re.NOFLAG, re.match for re.prefixmatch, re.compile for re.template.",
    },
    Description {
        rule: Rule::Unchecked,
        code: "SRE005",
        name: "file-not-checked",
        summary: "The file could not be checked.",
        level: Level::Error,
        explanation: "\
The file cannot be read, is not in the encoding that it declares, has a syntax error, is larger than 16 MiB, \
or nests more deeply than CPython compiles. Its patterns are not known. A file that does not mention re is not \
parsed, so its syntax errors are not reported.",
        example: "import re; re.compile(",
        versions: "3.15",
        fix: "\
Correct the file, or exclude it: `--extend-exclude` or `extend-exclude` in [tool.sre].",
    },
];

impl Rule {
    /// Returns the description.
    pub fn description(self) -> &'static Description {
        &RULES[self as usize]
    }

    /// Returns the code, such as `SRE001`.
    pub fn code(self) -> &'static str {
        self.description().code
    }

    /// Returns the rule with that code or name, in any case.
    pub fn named(text: &str) -> Option<Rule> {
        let is = |rule: &&Description| {
            text.eq_ignore_ascii_case(rule.code) || text.eq_ignore_ascii_case(rule.name)
        };
        RULES.iter().find(is).map(|description| description.rule)
    }
}

impl std::str::FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Rule, String> {
        let known = || RULES.iter().map(|rule| rule.code).collect::<Vec<_>>().join(", ");
        Rule::named(text).ok_or_else(|| format!("{text:?}: unknown rule (known: {})", known()))
    }
}

/// Writes the code.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Level {
    /// Returns `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_found_by_code_and_name() {
        for (n, description) in RULES.iter().enumerate() {
            assert_eq!(description.rule as usize, n);
            assert_eq!(Rule::named(&description.code.to_lowercase()), Some(description.rule));
            assert_eq!(Rule::named(description.name), Some(description.rule));
        }
        assert_eq!(Rule::named("SRE999"), None);
    }
}
