//! Which functions of CPython's compiler produce what. `sre/tests/explain.rs` compares this with
//! interpreters.

use std::fmt;

use sre_compiler::Dialect;

use crate::divergence::Aspect;

/// A function of CPython.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Function(&'static str);

/// Functions by a part of the error's text; the first match counts. All others are raised by
/// `_parse`.
const ERRORS: &[(&str, &[&str])] = &[
    ("bad escape (end of pattern)", &["Tokenizer.__next"]),
    ("unterminated name", &["Tokenizer.getuntil"]),
    ("missing group name", &["Tokenizer.getuntil"]),
    ("missing character name", &["Tokenizer.getuntil"]),
    ("bad character in group name", &["Tokenizer.checkgroupname", "_parse"]),
    ("cannot refer to", &["_escape", "_parse", "State.checklookbehindgroup"]),
    ("invalid group reference", &["_escape", "_parse", "parse"]),
    ("bad inline flags", &["_parse_flags"]),
    ("missing -, : or )", &["_parse_flags"]),
    ("missing flag", &["_parse_flags"]),
    ("missing :", &["_parse_flags"]),
    ("unknown flag", &["_parse_flags"]),
    ("flags are incompatible", &["fix_flags"]),
    ("cannot use", &["fix_flags"]),
    ("unbalanced parenthesis", &["parse"]),
    ("look-behind requires", &["_compile", "SubPattern.getwidth"]),
    ("looks too much behind", &["_compile", "SubPattern.getwidth"]),
    ("unsupported template operator", &["_compile"]),
    ("bad escape", ESCAPES),
    ("incomplete escape", ESCAPES),
    ("octal escape", ESCAPES),
    ("missing {", ESCAPES),
    ("undefined character name", ESCAPES),
    ("ord() expected", ESCAPES),
    ("int too large to convert", ESCAPES),
];

const ESCAPES: &[&str] = &["_escape", "_class_escape"];

/// Functions by the first word of a line of the tree.
const TREE: &[(&str, &[&str])] = &[
    ("BRANCH", &["_parse_sub"]),
    ("OR", &["_parse_sub"]),
    ("IN", &["_parse", "_parse_sub", "_escape"]),
    ("CATEGORY", ESCAPES),
    ("AT", &["_parse", "_escape"]),
    ("GROUPREF", &["_escape", "_parse"]),
    ("LITERAL", &["_parse", "_escape", "_class_escape"]),
];

/// Functions by the first word of a line of the disassembly.
const CODE: &[(&str, &[&str])] = &[
    ("INFO", &["_compile_info", "SubPattern.getwidth"]),
    ("prefix_skip", &["_get_literal_prefix"]),
    ("prefix", &["_get_literal_prefix"]),
    ("overlap", &["_generate_overlap_table"]),
    ("in", &["_get_charset_prefix"]),
    ("ASSERT", &["_compile", "SubPattern.getwidth"]),
    ("ASSERT_NOT", &["_compile", "SubPattern.getwidth"]),
    ("SUCCESS", &["_code"]),
    ("IN", SETS),
    ("IN_IGNORE", SETS),
    ("IN_UNI_IGNORE", SETS),
    ("IN_LOC_IGNORE", SETS),
    ("NEGATE", SETS),
    ("RANGE", SETS),
    ("RANGE_UNI_IGNORE", SETS),
    ("CHARSET", SETS),
    ("BIGCHARSET", SETS),
    ("CATEGORY", SETS),
    ("REPEAT_ONE", REPEATS),
    ("MIN_REPEAT_ONE", REPEATS),
    ("POSSESSIVE_REPEAT_ONE", REPEATS),
    ("REPEAT", REPEATS),
    ("POSSESSIVE_REPEAT", REPEATS),
];

const SETS: &[&str] = &["_optimize_charset", "_compile_charset"];
const REPEATS: &[&str] = &["_compile", "_simple"];

const IN_COMPILER: [&str; 10] = [
    "_compile",
    "_code",
    "_compile_charset",
    "_compile_info",
    "_generate_overlap_table",
    "_get_charset_prefix",
    "_get_literal_prefix",
    "_optimize_charset",
    "_simple",
    "dis",
];

/// Returns the functions that produce the first difference of two outcomes, the most likely first.
/// `detail` is the text of the error or warning, or the first word of the line of tree or code.
pub fn functions(aspect: Aspect, detail: &str) -> Vec<Function> {
    let names: &[&str] = match aspect {
        Aspect::Panic | Aspect::NoAnswer => &[],
        Aspect::Error | Aspect::Warning => {
            let found = ERRORS.iter().find(|(part, _)| detail.contains(part));
            found.map_or(&["_parse"], |(_, names)| names)
        }
        Aspect::Tree => look_up(TREE, detail).unwrap_or(&["_parse"]),
        Aspect::Code => look_up(CODE, detail).unwrap_or(&["_compile"]),
        Aspect::Flags => &["fix_flags", "_parse_flags"],
        Aspect::Groups => &["State.opengroup"],
        Aspect::Dis => &["dis"],
        Aspect::Validity => &["_validate"],
    };
    names.iter().copied().map(Function).collect()
}

fn look_up(table: &[(&str, &'static [&'static str])], word: &str) -> Option<&'static [&'static str]> {
    table.iter().find(|(name, _)| *name == word).map(|(_, names)| *names)
}

impl Function {
    /// Computes line and column of an error from its position.
    pub(super) const LINE_AND_COLUMN: Function = Function("PatternError.__init__");

    /// Reads the items of a sequence.
    pub(super) const PARSE: Function = Function("_parse");

    /// Reads flags.
    pub(super) const FLAGS: Function = Function("_parse_flags");

    /// Writes the info block.
    pub(super) const INFO: Function = Function("_compile_info");

    /// Computes how many characters can match.
    pub(super) const WIDTH: Function = Function("SubPattern.getwidth");

    /// Returns its name, qualified by its class.
    pub fn name(self) -> &'static str {
        self.0
    }

    /// Returns the file that defines it in a dialect's CPython.
    pub fn file(self, dialect: Dialect) -> &'static str {
        let is_package = dialect.min_version() >= (3, 11, 0);
        match (IN_COMPILER.contains(&self.0), is_package) {
            _ if self.0 == "_validate" => "Modules/_sre/sre.c",
            (_, true) if self == Function::LINE_AND_COLUMN => "re/_constants.py",
            (_, false) if self == Function::LINE_AND_COLUMN => "sre_constants.py",
            (true, true) => "re/_compiler.py",
            (false, true) => "re/_parser.py",
            (true, false) => "sre_compile.py",
            (false, false) => "sre_parse.py",
        }
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use sre_support::files_below;

    use super::*;

    #[test]
    fn each_function_has_a_counterpart_that_names_it() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../compiler/src");
        let mut counterparts = String::new();
        for file in files_below(folder.as_ref()).unwrap() {
            let source = fs::read_to_string(file).unwrap_or_default();
            counterparts.extend(source.lines().filter(|line| line.contains("CPython: ")));
        }
        let tables = [ERRORS, TREE, CODE].into_iter().flatten().flat_map(|(_, names)| names.iter());
        let named = |name: &&str| counterparts.contains(&format!("`{name}`"));
        let others = IN_COMPILER.iter().chain([&Function::LINE_AND_COLUMN.0]);
        let unnamed: Vec<_> = tables.chain(others).filter(|name| !named(name)).collect();
        assert!(unnamed.is_empty(), "{unnamed:?}");
    }
}
