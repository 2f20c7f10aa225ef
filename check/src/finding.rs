//! Findings: the errors, warnings and changes of a report, each with its rule and its place.

use sre_case::Case;
use sre_support::fnv::fnv1a;
use sre_support::visible::Shown;

use crate::answer::{Answer, Report};
use crate::fix::Fix;
use crate::help;
use crate::rules::Rule;

/// A finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// What is wrong, with the versions that it concerns.
    pub message: String,
    /// What to do, if that is known.
    pub help: Option<String>,
    /// The position in the pattern, in characters.
    pub pos: Option<usize>,
}

/// A finding with its place in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Located {
    /// The finding.
    pub finding: Finding,
    /// The file, as it was given or found.
    pub file: String,
    /// The line from 1, if it is known.
    pub line: Option<usize>,
    /// The column in characters from 1, if it is known.
    pub column: Option<usize>,
    /// The pattern, with control characters escaped; empty if the finding is about a file.
    pub pattern: String,
    /// A hash of the whole pattern with its flags; 0 if the finding is about a file.
    hash: u64,
    /// How to change the file, if that is certain.
    pub fix: Option<Fix>,
}

impl Finding {
    /// Returns the message and what to do, as sentences of one line.
    pub fn sentences(&self) -> String {
        match self.help.as_deref().map(|help| (help, help.strip_prefix("no fix: "))) {
            Some((_, Some(why))) => format!("{}. No fix: {why}", self.message),
            Some((help, None)) => format!("{}. Fix: {help}", self.message),
            None => self.message.clone(),
        }
    }
}

/// Returns the findings of a report, in order of versions.
pub fn findings(report: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answer in &report.answers {
        add(report, answer, &mut findings);
    }
    findings
}

fn add(report: &Report, answer: &Answer, findings: &mut Vec<Finding>) {
    let label = report.label(answer);
    if let Some(error) = &answer.error {
        let rule = if error.is_about_the_call() { Rule::Missing } else { Rule::Refused };
        let message = format!("Python {label}: {}: {}", error.exception, error.message.shown());
        let help = help::for_error(report, answer, error);
        findings.push(Finding { rule, message, help, pos: error.pos() });
    }
    for warning in &answer.warnings {
        let rule = Rule::Warned;
        let text = warning.text.shown();
        let message = format!("Python {label}: {}: {text}", warning.category);
        let help = help::for_warning(&report.case, warning);
        findings.push(Finding { rule, message, help, pos: warning.pos });
    }
    if let Some(difference) = &answer.difference {
        let what = difference.first_change();
        let message = format!("Python {label}: matches differently than in {}{what}", difference.since);
        findings.push(Finding { rule: Rule::Changed, message, help: None, pos: None });
    }
}

impl Located {
    /// Creates the finding for a pattern of a file.
    pub fn new(finding: Finding, case: &Case, file: &str, line: usize, column: usize) -> Located {
        Located {
            finding,
            file: file.to_owned(),
            line: Some(line),
            column: Some(column),
            pattern: case.excerpt(),
            hash: fnv1a(case.encode()),
            fix: None,
        }
    }

    /// Creates the finding that a file was not checked.
    pub fn unchecked(file: &str, line: Option<usize>, why: &str) -> Located {
        let finding =
            Finding { rule: Rule::Unchecked, message: why.shown().to_string(), help: None, pos: None };
        let (file, pattern) = (file.to_owned(), String::new());
        Located { finding, file, line, column: None, pattern, hash: 0, fix: None }
    }

    /// Returns a number that identifies the finding wherever it moves in its file: of the rule, the
    /// pattern, and the name of the file.
    pub fn fingerprint(&self, file: &str) -> u64 {
        let code = self.finding.rule.code();
        let what = if self.hash == 0 { self.finding.message.as_str() } else { "" };
        let parts = [file, code, what].into_iter().flat_map(|part| part.bytes().chain([0]));
        fnv1a(parts.chain(self.hash.to_le_bytes()))
    }
}
