//! Divergences that were expected, such as those of a branch that changes something on purpose.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

use crate::cause::{Candidates, Cause};
use crate::causes::of_each;
use crate::divergence::Divergence;
use crate::stats::Stats;

/// What a file of expectations contains, in TOML:
///
/// ```toml
/// [[expect]]
/// signature = "code: *CATEGORY*"    # as reports print it; * stands for any text
/// reason = "gh-152056: a single category is no set"
///
/// [[expect]]
/// cause = "_optimize_charset*"      # as reports print it
/// reason = "the tables of Unicode 17"
/// ```
///
/// A divergence is expected if an entry has its signature and its cause. One of the two may be
/// missing, not the reason. With `fixed = ["3.12.8", "3.13.1"]`, an entry is only about versions
/// before these: see [`of_versions`](Expected::of_versions).
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The entries.
    #[serde(default)]
    expect: Vec<Entry>,
}

#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Entry {
    signature: Option<String>,
    cause: Option<String>,
    reason: String,
    /// The first version of each minor version in which the bug is fixed.
    #[serde(default)]
    fixed: Vec<Version>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Debug)]
#[serde(try_from = "String")]
struct Version(u32, u32, u32);

impl TryFrom<String> for Version {
    type Error = String;

    fn try_from(text: String) -> Result<Version, String> {
        let numbers: Option<Vec<u32>> = text.split('.').map(|number| number.parse().ok()).collect();
        match numbers.as_deref() {
            Some(&[major, minor, patch]) => Ok(Version(major, minor, patch)),
            _ => Err(format!("{text:?} is no version such as 3.12.8")),
        }
    }
}

/// Why a text is no file of expectations.
#[derive(Clone, Debug)]
pub struct BadExpectations(String);

impl Expected {
    /// Reads a file.
    ///
    /// # Errors
    /// If it is not TOML, or an entry has no reason or nothing to recognise a divergence by.
    pub fn parse(text: &str) -> Result<Expected, BadExpectations> {
        let expected: Expected = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            BadExpectations(format!("line {}: {}", before.matches('\n').count() + 1, error.message()))
        })?;
        for (n, entry) in (1..).zip(&expected.expect) {
            if entry.signature.is_none() && entry.cause.is_none() {
                return Err(BadExpectations(format!("entry {n} has neither signature nor cause")));
            }
            if entry.reason.trim().is_empty() {
                return Err(BadExpectations(format!("entry {n} has no reason")));
            }
        }
        Ok(expected)
    }

    /// Returns the entries that are about interpreters of these versions: those that are not fixed in
    /// one of them.
    #[must_use]
    pub fn of_versions(mut self, versions: &[(u32, u32, u32)]) -> Expected {
        self.expect.retain(|entry| {
            let is_affected = |&(major, minor, patch): &(u32, u32, u32)| {
                let in_same = entry.fixed.iter().find(|fixed| (fixed.0, fixed.1) == (major, minor));
                in_same.or(entry.fixed.iter().min()).is_none_or(|fixed| Version(major, minor, patch) < *fixed)
            };
            versions.iter().any(is_affected)
        });
        self
    }

    /// Moves the divergences that were expected from the unknown ones to
    /// [`expected`](Stats::expected). Of several entries, the first counts.
    pub fn apply(&self, stats: &mut Stats) {
        let causes = of_each(stats);
        let unknown = std::mem::take(&mut stats.unknown);
        for ((signature, (times, divergence)), cause) in unknown.into_iter().zip(causes) {
            let cause = cause.map(|cause| cause.text(divergence.dialects.cpython));
            let entry = self.expect.iter().find(|entry| entry.is_of(&signature, cause.as_deref()));
            match entry {
                Some(entry) => *stats.expected.entry(entry.reason.clone()).or_default() += times,
                None => drop(stats.unknown.insert(signature, (times, divergence))),
            }
        }
    }

    /// Returns the reason why a single divergence is expected, if it is. One of its possible causes is
    /// enough.
    pub fn reason(&self, divergence: &Divergence) -> Option<&str> {
        let texts = |cause: Cause| cause.text(divergence.dialects.cpython);
        let Candidates { direct, indirect } = Cause::candidates(divergence).map(texts);
        let causes: Vec<String> = direct.into_iter().chain(indirect).collect();
        let is_of = |entry: &&Entry| {
            let one = |cause: &String| entry.is_of(&divergence.signature, Some(cause));
            causes.iter().any(one) || entry.is_of(&divergence.signature, None)
        };
        self.expect.iter().find(is_of).map(|entry| entry.reason.as_str())
    }

    /// Returns the reason why something with this signature is expected, if it is, and has no cause.
    pub fn reason_of_signature(&self, signature: &str) -> Option<&str> {
        let entry = self.expect.iter().find(|entry| entry.is_of(signature, None));
        entry.map(|entry| entry.reason.as_str())
    }

    /// Returns the reasons that were not seen, in order.
    pub fn unseen(&self, is_seen: impl Fn(&str) -> bool) -> BTreeSet<&str> {
        self.expect.iter().map(|entry| entry.reason.as_str()).filter(|reason| !is_seen(reason)).collect()
    }
}

impl Entry {
    fn is_of(&self, signature: &str, cause: Option<&str>) -> bool {
        let has = |pattern: &Option<String>, text: Option<&str>| match (pattern, text) {
            (Some(pattern), Some(text)) => matches(pattern, text),
            (Some(_), None) => false,
            (None, _) => true,
        };
        has(&self.signature, Some(signature)) && has(&self.cause, cause)
    }
}

/// Returns whether a text is that of a pattern in which `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        // The first occurrence leaves the most for the others.
        let Some((_, after)) = text.split_once(part) else { return false };
        text = after;
    }
    text.ends_with(end)
}

impl fmt::Display for BadExpectations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadExpectations {}

#[cfg(test)]
mod tests {
    use sre_case::wire::InterpreterInfo;
    use sre_case::{Case, Oracle};
    use sre_compiler::{Dialect, Flags};

    use super::*;
    use crate::divergence::compare;
    use crate::rust_compiler::RustCompiler;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text) in
            [("a", "a"), ("*", ""), ("a*", "abc"), ("*c", "abc"), ("a*b*c", "a-b-b-c"), ("*b*", "abc")]
        {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a", "ab"), ("a*a", "a"), ("*d*", "abc"), ("a*b*b", "a-b"), ("", "a")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn an_entry_needs_a_reason_and_something_to_recognise() {
        let error = |text: &str| Expected::parse(text).unwrap_err().to_string();
        assert!(error("[[expect]]\nsignature = 'a'").contains("missing field `reason`"));
        assert_eq!(error("[[expect]]\nreason = 'a'"), "entry 1 has neither signature nor cause");
        assert_eq!(error("[[expect]]\ncause = 'a'\nreason = ' '"), "entry 1 has no reason");
        assert!(error("[[expect]]\ncauses = 'a'\nreason = 'b'").contains("unknown field `causes`"));
        assert!(error("expect").starts_with("line 1: "));
        assert_eq!(error("\n\nx = 1"), "line 3: unknown field `x`, expected `expect`");
        assert!(Expected::parse("# nothing\n").is_ok());
    }

    #[test]
    fn an_entry_may_be_about_versions_before_it_was_fixed() {
        let text = "[[expect]]\nsignature = 'a'\nreason = 'b'\nfixed = ['3.13.1', '3.12.8']";
        let expected = Expected::parse(text).unwrap();
        for (version, is_expected) in [
            ((3, 8, 0), true),
            ((3, 12, 7), true),
            ((3, 12, 8), false),
            ((3, 13, 0), true),
            ((3, 13, 1), false),
            ((3, 14, 0), false),
        ] {
            let reason = expected.clone().of_versions(&[version]).reason_of_signature("a").is_some();
            assert_eq!(reason, is_expected, "{version:?}");
        }
        let either = expected.of_versions(&[(3, 15, 0), (3, 13, 0)]);
        assert!(either.reason_of_signature("a").is_some());
        let error = Expected::parse(&text.replace("3.12.8", "3.12")).unwrap_err().to_string();
        assert!(error.contains("no version such as 3.12.8"), "{error}");
    }

    /// 3.13 in the place of 3.10: possessive quantifiers are accepted, and flags are refused.
    fn stats() -> Stats {
        let info = InterpreterInfo::of_python_3_10();
        let mut stats = Stats::new(info.label(), Dialect::PY313);
        for pattern in ["a", "a*+", "a++", "a|(?i)b"] {
            let case = Case::str(pattern, Flags::empty());
            let outcome = |dialect| RustCompiler::new(dialect).outcome(&case);
            let (newer, older) = (outcome(Dialect::PY313), outcome(info.dialect().unwrap()));
            let verdict = compare(&case, &info, Dialect::PY313, &newer, &older);
            stats.count(&case, &newer, verdict);
        }
        stats
    }

    #[test]
    fn what_is_expected_is_counted_by_reason() {
        let text = "[[expect]]\nsignature = 'error: none for error \"multiple repeat\"'\nreason = 'possessive'\n\
                    [[expect]]\ncause = 'no such function'\nreason = 'nothing'";
        let expected = Expected::parse(text).unwrap();
        let (mut all, before) = ([stats()], stats().unknown_count());
        expected.apply(&mut all[0]);
        assert_eq!(all[0].expected, [("possessive".to_owned(), 2)].into());
        assert_eq!((all[0].unknown_count(), before), (1, 3));
        let is_seen = |reason: &str| all[0].expected.contains_key(reason);
        assert_eq!(expected.unseen(is_seen), ["nothing"].into());
        assert_eq!(
            expected.reason_of_signature("error: none for error \"multiple repeat\""),
            Some("possessive")
        );
        assert_eq!(expected.reason_of_signature("code: IN"), None);
    }
}
