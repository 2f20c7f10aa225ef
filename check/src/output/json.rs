//! Reports as JSON, one object per line.

use serde::Serialize;
use serde_json::value::RawValue;
use sre_case::{PyText, wire};

use crate::answer::{Answer, Report};
use crate::rules::Rule;

/// Returns a report as an object that begins with the fields of `place`. `locate` returns the line
/// and the column in the file of a position in the pattern, if it is in a file.
///
/// ```text
/// {"file": …, "case": {"kind": …, "pattern": …, "flags": …}, "accepted": false, "answers": [
///     {"versions": ["3.8", "3.9"], "label": "3.8 to 3.9", "accepted": false,
///      "error": {"code": "SRE001", "type": …, "msg": …, "pos": …, "lineno": …, "colno": …,
///                "line": …, "column": …}, "warnings": []},
///     {"versions": ["3.10"], …,
///      "warnings": [{"code": "SRE003", "category": …, "text": …, "pos": …, "line": …, "column": …}],
///      "differs": {"code": "SRE002", "since": "3.8", "before": …, "after": …}}]}
/// ```
///
/// # Errors
/// If `place` cannot be serialized.
pub fn to_string(
    report: &Report,
    place: &impl Serialize,
    locate: impl Fn(usize) -> Option<(usize, usize)>,
) -> serde_json::Result<String> {
    let mut case = Vec::new();
    wire::write_request(&mut case, &report.case, false);
    let object = Object {
        place,
        case: raw(case)?,
        accepted: report.is_accepted(),
        answers: report
            .answers
            .iter()
            .map(|answer| entry(report, answer, &locate))
            .collect::<Result<_, _>>()?,
    };
    serde_json::to_string(&object)
}

#[derive(Serialize)]
struct Object<'r, P> {
    #[serde(flatten)]
    place: &'r P,
    case: Box<RawValue>,
    accepted: bool,
    answers: Vec<Entry<'r>>,
}

#[derive(Serialize)]
struct Entry<'r> {
    versions: Vec<String>,
    label: String,
    accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<RegexError>,
    warnings: Vec<RegexWarning<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    differs: Option<Differs<'r>>,
}

#[derive(Serialize)]
struct RegexError {
    code: &'static str,
    r#type: &'static str,
    msg: Box<RawValue>,
    pos: Option<usize>,
    lineno: Option<usize>,
    colno: Option<usize>,
    #[serde(flatten)]
    place: Place,
}

/// A position in the file; nothing if there is no file.
#[derive(Serialize)]
struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

#[derive(Serialize)]
struct RegexWarning<'r> {
    code: &'static str,
    category: &'static str,
    text: &'r str,
    pos: Option<usize>,
    #[serde(flatten)]
    place: Place,
}

#[derive(Serialize)]
struct Differs<'r> {
    code: &'static str,
    since: String,
    before: &'r str,
    after: &'r str,
}

fn entry<'r>(
    report: &'r Report,
    answer: &'r Answer,
    locate: &impl Fn(usize) -> Option<(usize, usize)>,
) -> serde_json::Result<Entry<'r>> {
    let place = |pos: Option<usize>| {
        let place = pos.and_then(locate);
        Place { line: place.map(|(line, _)| line), column: place.map(|(_, column)| column) }
    };
    let error = answer.error.as_ref().map(|error| {
        Ok::<_, serde_json::Error>(RegexError {
            code: if error.is_about_the_call() { Rule::Missing } else { Rule::Refused }.code(),
            place: place(error.pos()),
            r#type: error.exception,
            msg: text(&error.message)?,
            pos: error.pos(),
            lineno: error.place.map(|(_, lineno, _)| lineno),
            colno: error.place.map(|(.., colno)| colno),
        })
    });
    let warning = |warning: &'r crate::RegexWarning| RegexWarning {
        code: Rule::Warned.code(),
        place: place(warning.pos),
        category: warning.category,
        text: &warning.text,
        pos: warning.pos,
    };
    let differs = answer.difference.as_ref().map(|difference| Differs {
        code: Rule::Changed.code(),
        since: difference.since.to_string(),
        before: &difference.before,
        after: &difference.after,
    });
    Ok(Entry {
        versions: report.versions[answer.versions.clone()].iter().map(ToString::to_string).collect(),
        label: report.label(answer),
        accepted: answer.error.is_none(),
        error: error.transpose()?,
        warnings: answer.warnings.iter().map(warning).collect(),
        differs,
    })
}

/// Returns a text as JSON. It may contain a lone surrogate, which `serde_json` cannot write.
fn text(text: &PyText) -> serde_json::Result<Box<RawValue>> {
    let mut out = Vec::new();
    wire::write_str(&mut out, text);
    raw(out)
}

fn raw(json: Vec<u8>) -> serde_json::Result<Box<RawValue>> {
    RawValue::from_string(String::from_utf8_lossy(&json).into_owned())
}
