//! Checking a Python file: its patterns, the findings that are not suppressed, and the fixes.

use std::collections::HashSet;
use std::path::Path;

use sre_support::visible::Shown;

use crate::answer::Report;
use crate::checker::Checker;
use crate::config::Config;
use crate::finding::{Located, findings};
use crate::fix::{Fix, apply, fix};
use crate::rules::Rule;
use crate::source::{Findings, Found, Framework, Skipped, Unreadable, decode, find_in_text};

/// The result of checking a file.
#[derive(Debug, Default)]
pub struct CheckedFile {
    /// The patterns, by place.
    pub patterns: Vec<CheckedPattern>,
    /// Calls of `re` that are not checked.
    pub skipped: Vec<Skipped>,
    /// How many findings comments and settings suppress.
    pub suppressed: usize,
}

/// A pattern of a file.
#[derive(Debug)]
pub struct CheckedPattern {
    /// The pattern and its place.
    pub found: Found,
    /// What each version does with it.
    pub report: Report,
    /// The findings that are not suppressed, and not the same as earlier ones in the file.
    pub findings: Vec<Located>,
}

/// Checks a decoded file. `name` is its name in findings. Call it
/// [`on_deep_stack`](crate::source::on_deep_stack).
///
/// # Errors
/// Says why the file cannot be checked.
pub fn check_text(
    checker: &mut Checker,
    config: &Config,
    path: &Path,
    text: &str,
) -> Result<CheckedFile, Unreadable> {
    let name = path.to_string_lossy();
    let Findings { patterns, skipped, suppressions } = find_in_text(text, &config.frameworks)?;
    let mut checked = CheckedFile { skipped, ..CheckedFile::default() };
    let mut seen = HashSet::new();
    for found in patterns {
        let report = checker.check_call(&found.case, &found.call);
        let mut left = Vec::new();
        for finding in findings(&report) {
            let rule = finding.rule;
            let (line, column) = finding.pos.map_or((found.line, found.column), |pos| found.place(pos));
            let argument = found.line..=found.last_line.max(found.line);
            let code = rule.code();
            let commented = suppressions.contain(code, argument) || suppressions.contain(code, line..=line);
            if commented || config.ignores(rule, path) {
                checked.suppressed += 1;
            } else if seen.insert((rule, finding.message.clone(), line, column)) {
                left.push(Located::new(finding, &found.case, &name, line, column));
            }
        }
        if left.iter().any(|located| matches!(located.finding.rule, Rule::Refused | Rule::Warned)) {
            let fix = fix(&found, &report, text);
            for located in &mut left {
                if located.finding.rule != Rule::Changed {
                    located.fix.clone_from(&fix);
                }
            }
        }
        checked.patterns.push(CheckedPattern { found, report, findings: left });
    }
    Ok(checked)
}

/// Returns the findings of a file that cannot be checked, unless the settings ignore them.
pub fn unchecked(config: &Config, path: &Path, why: &Unreadable) -> Option<Located> {
    let ignored = config.ignores(Rule::Unchecked, path);
    (!ignored).then(|| Located::unchecked(&path.to_string_lossy(), why.line(), &why.to_string()))
}

/// Makes the fixes of a file. Returns its new content and how many patterns were changed; `None`
/// if there is nothing to fix.
///
/// # Errors
/// Says why the fixes cannot be made.
pub fn fixed(
    checked: &CheckedFile,
    frameworks: &[Framework],
    bytes: &[u8],
    text: &str,
) -> Result<Option<(Vec<u8>, usize)>, String> {
    let fixes: Vec<Fix> = checked
        .patterns
        .iter()
        .filter_map(|pattern| pattern.findings.iter().find_map(|f| f.fix.clone()))
        .collect();
    if fixes.is_empty() {
        return Ok(None);
    }
    let form = Form::of(bytes, text).ok_or("not UTF-8, or with line ends of several kinds")?;
    let (new, count) = apply(text, &fixes);
    let find = |text: &str| find_in_text(text, frameworks).map_err(|why| why.to_string());
    let (before, after) = (find(text)?, find(&new)?);
    let same = before.patterns.len() == after.patterns.len()
        && before.patterns.iter().zip(&after.patterns).all(|(before, after)| {
            let fix = checked.patterns.iter().find(|pattern| pattern.found == *before);
            let fix = fix.and_then(|pattern| pattern.findings.iter().find_map(|f| f.fix.as_ref()));
            after.case == before.case || fix.is_some_and(|fix| fix.case == after.case)
        });
    if !same {
        return Err("the changed file would not contain the expected patterns".to_owned());
    }
    Ok(Some((form.bytes(&new), count)))
}

/// How a file writes its text.
struct Form {
    marked: bool,
    carriage_returns: bool,
}

impl Form {
    /// Returns how a file writes a text, if that is UTF-8 with line ends of one kind.
    fn of(bytes: &[u8], text: &str) -> Option<Form> {
        let marked = bytes.starts_with(b"\xEF\xBB\xBF");
        [false, true]
            .map(|carriage_returns| Form { marked, carriage_returns })
            .into_iter()
            .find(|form| form.bytes(text) == bytes)
    }

    fn bytes(&self, text: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        if self.marked {
            out.extend(b"\xEF\xBB\xBF");
        }
        for byte in text.bytes() {
            if byte == b'\n' && self.carriage_returns {
                out.push(b'\r');
            }
            out.push(byte);
        }
        out
    }
}

/// Decodes a file, for [`check_text`].
///
/// # Errors
/// Says why it cannot be decoded.
pub fn text_of(bytes: &[u8]) -> Result<String, Unreadable> {
    decode(bytes)
}

/// Returns a unified diff of a file and its new content.
pub fn diff(path: &Path, before: &str, after: &str) -> String {
    let name = path.shown().to_string();
    similar::TextDiff::from_lines(before, after).unified_diff().header(&name, &name).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sre_case::parse_versions;

    fn check(versions: &str, source: &str) -> CheckedFile {
        let mut checker = Checker::new(parse_versions(versions, false).unwrap());
        check_text(&mut checker, &Config::default(), Path::new("a.py"), source).unwrap()
    }

    fn fix_of(versions: &str, source: &str) -> Option<String> {
        let checked = check(versions, source);
        let fixed = fixed(&checked, &[], source.as_bytes(), source).unwrap()?;
        Some(String::from_utf8(fixed.0).unwrap())
    }

    #[test]
    fn certain_fixes_are_made() {
        for (before, after) in [
            (r"re.compile(r'a(?i)b')", r"re.compile(r'(?i)ab')"),
            (r"re.compile('a\x41(?im)b\n')", r"re.compile('(?im)a\x41b\n')"),
            ("re.compile('a'\n  '(?s)b')", "re.compile('(?s)a'\n  'b')"),
            (r"re.compile(b'[[a]')", r"re.compile(b'[\\[a]')"),
            (r"re.compile(r'[a-z--9&&c]')", r"re.compile(r'[a-z\--9\&&c]')"),
            ("re.compile('''\n (?x) a''')", "re.compile('''(?x)\n  a''')"),
        ] {
            let whole = |call: &str| format!("import re\n{call}\n");
            assert_eq!(fix_of("3.9..", &whole(before)).as_deref(), Some(&*whole(after)), "{before}");
        }
    }

    #[test]
    fn what_is_not_certain_is_left_alone() {
        for source in [
            "re.compile('a++')",
            "re.compile('a(?i')",
            // In two literals, or under a name.
            "re.compile('a(?' 'i)b')",
            "A = 'a(?i)b'\nre.compile(A)",
            r"re.compile('a\x28?i)b')",
        ] {
            assert_eq!(fix_of("3.9..", &format!("import re\n{source}\n")), None, "{source}");
        }
        let latin = b"# coding: latin-1\nimport re\nre.compile('\xe9(?i)')\n";
        let text = text_of(latin).unwrap();
        assert!(fixed(&check("3.9..", &text), &[], latin, &text).is_err());
    }

    #[test]
    fn line_ends_and_marks_stay() {
        let bytes = b"\xEF\xBB\xBFimport re\r\nre.compile('a(?i)')\r\n";
        let text = text_of(bytes).unwrap();
        let (new, count) = fixed(&check("3.9..", &text), &[], bytes, &text).unwrap().unwrap();
        assert_eq!((new.as_slice(), count), (&b"\xEF\xBB\xBFimport re\r\nre.compile('(?i)a')\r\n"[..], 1));
    }

    #[test]
    fn comments_suppress_findings_of_their_lines() {
        let left = |source: &str| {
            let checked = check("3.9..3.13", &format!("import re\n{source}"));
            (checked.patterns.iter().map(|pattern| pattern.findings.len()).sum::<usize>(), checked.suppressed)
        };
        assert_eq!(left("re.compile('a++')"), (1, 0));
        assert_eq!(left("re.compile('a++') # noqa"), (0, 1));
        assert_eq!(left("re.compile('a++') # noqa: SRE001"), (0, 1));
        assert_eq!(left("re.compile('a++') # noqa: SRE002"), (1, 0));
        assert_eq!(left("re.compile('''\na++\n''', re.X) # noqa: SRE001"), (0, 1));
        assert_eq!(left("A = 'a++' # noqa: SRE001\nre.compile(A)"), (0, 1));
        assert_eq!(left("re.compile('a++')\n# sre: noqa"), (0, 1));
        // The same constant, compiled twice, is one finding.
        assert_eq!(left("A = 'a++'\nre.compile(A); re.match(A, x)"), (1, 0));
    }
}
