//! Reports as JSON, one object per line.

use serde::Serialize;
use serde_json::value::RawValue;
use sre_case::{PyText, wire};

use crate::answer::{Answer, Report};

/// Returns a report as an object that begins with the fields of `place`.
///
/// ```text
/// {"file": …, "case": {"kind": …, "pattern": …, "flags": …}, "accepted": false, "answers": [
///     {"versions": ["3.8", "3.9"], "label": "3.8 to 3.9", "accepted": false,
///      "error": {"type": …, "msg": …, "pos": …, "lineno": …, "colno": …}, "warnings": []},
///     {"versions": ["3.10"], …, "warnings": [{"category": …, "text": …, "pos": …}],
///      "differs": {"since": "3.8", "before": …, "after": …}}]}
/// ```
///
/// # Errors
/// If `place` cannot be serialized.
pub fn to_string(report: &Report, place: &impl Serialize) -> serde_json::Result<String> {
    let mut case = Vec::new();
    wire::write_request(&mut case, &report.case, false);
    let object = Object {
        place,
        case: raw(case)?,
        accepted: report.is_accepted(),
        answers: report.answers.iter().map(|answer| entry(report, answer)).collect::<Result<_, _>>()?,
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
    r#type: &'static str,
    msg: Box<RawValue>,
    pos: Option<usize>,
    lineno: Option<usize>,
    colno: Option<usize>,
}

#[derive(Serialize)]
struct RegexWarning<'r> {
    category: &'static str,
    text: &'r str,
    pos: Option<usize>,
}

#[derive(Serialize)]
struct Differs<'r> {
    since: String,
    before: &'r str,
    after: &'r str,
}

fn entry<'r>(report: &'r Report, answer: &'r Answer) -> serde_json::Result<Entry<'r>> {
    let error = answer.error.as_ref().map(|error| {
        Ok::<_, serde_json::Error>(RegexError {
            r#type: error.exception,
            msg: text(&error.message)?,
            pos: error.pos(),
            lineno: error.place.map(|(_, lineno, _)| lineno),
            colno: error.place.map(|(.., colno)| colno),
        })
    });
    let warning = |warning: &'r super::RegexWarning| RegexWarning {
        category: warning.category,
        text: &warning.text,
        pos: warning.pos,
    };
    let differs = answer.difference.as_ref().map(|difference| Differs {
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
