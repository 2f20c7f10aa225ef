//! Findings as a JUnit report: a suite for each file, a test case for each finding.

use std::io;
use std::io::Write;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::finding::Located;
use crate::rules::Level;

/// Writes the report. Without findings it has one test case, which passes, since some readers
/// refuse an empty report.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut impl Write, findings: &[Located]) -> io::Result<()> {
    let mut report = Report::new("sre check");
    for of_file in findings.chunk_by(|one, other| one.file == other.file) {
        let mut suite = TestSuite::new(of_file[0].file.as_str());
        suite.extra.insert("package".into(), "sre".into());
        suite.add_test_cases(of_file.iter().map(test_case));
        report.add_test_suite(suite);
    }
    if findings.is_empty() {
        let mut suite = TestSuite::new("sre");
        suite.add_test_case(TestCase::new("no findings", TestCaseStatus::success()));
        report.add_test_suite(suite);
    }
    report.serialize(&mut *out).map_err(io::Error::other)?;
    writeln!(out)
}

fn test_case(located: &Located) -> TestCase {
    let rule = located.finding.rule.description();
    let kind = match rule.level {
        Level::Error => NonSuccessKind::Error,
        Level::Warning => NonSuccessKind::Failure,
    };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(rule.code).set_message(located.finding.message.as_str());
    let (line, column) = (located.line.unwrap_or(1), located.column.unwrap_or(1));
    let mut text = format!("line {line}, column {column}: {}", located.finding.message);
    if !located.pattern.is_empty() {
        text.push_str(&format!("\n{}", located.pattern));
    }
    if let Some(help) = &located.finding.help {
        text.push_str(&format!("\n{help}"));
    }
    status.set_description(text);
    let mut case = TestCase::new(format!("{} {}", rule.code, rule.name), status);
    case.set_classname(located.file.as_str());
    for (name, value) in [("file", located.file.clone()), ("line", line.to_string())] {
        case.extra.insert(name.into(), value.into());
    }
    case.extra.insert("column".into(), column.to_string().into());
    case
}
