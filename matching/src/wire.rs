//! Requests and replies of programs that match; docs/matching.md describes them.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sre_case::{Case, Text};
use sre_compiler::Program;
use sre_generate::Subject;

use crate::form::{Form, Operation};

/// Code that a program runs instead of compiling the pattern itself: code, flags, number of groups,
/// and names with their groups.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Given(pub Vec<u32>, pub i64, pub u32, pub Vec<(String, u32)>);

impl From<&Program> for Given {
    fn from(program: &Program) -> Given {
        let names = program.group_index().map(|(name, group)| (name.to_owned(), group)).collect();
        Given(program.code().to_vec(), program.flags().bits(), program.group_count(), names)
    }
}

/// A pattern with its subjects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Job {
    /// The pattern.
    pub case: Case,
    /// The code for [`Form::Given`].
    pub given: Option<Given>,
    /// What to match.
    pub subjects: Vec<Subject>,
}

/// A text as JSON: a string, or code points if it has surrogates.
#[derive(Serialize)]
#[serde(untagged)]
enum WireText {
    String(String),
    CodePoints(Vec<u32>),
}

fn text(text: &Text) -> WireText {
    match text {
        Text::Bytes(bytes) => WireText::String(bytes.iter().map(|&byte| char::from(byte)).collect()),
        Text::Str(text) => match text.iter().map(|&c| char::from_u32(c)).collect() {
            Some(text) => WireText::String(text),
            None => WireText::CodePoints(text.clone()),
        },
    }
}

/// What to do with the cases of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'r> {
    pub forms: &'r [Form],
    /// The time limit of a subject, in seconds of processor time.
    pub limit: f64,
    /// Whether to return the code instead of matching.
    pub with_code: bool,
}

/// Returns a request as a line.
pub(crate) fn write<'j>(request: Request<'_>, jobs: impl Iterator<Item = &'j Job>) -> Vec<u8> {
    let forms: Vec<&str> = request.forms.iter().map(|form| form.name()).collect();
    let operations = Operation::ALL.map(Operation::name);
    let cases: Vec<_> = jobs
        .map(|job| {
            let kind = if job.case.is_bytes() { "bytes" } else { "str" };
            let subject = |subject: &Subject| (text(&subject.text), subject.pos, subject.endpos);
            let subjects: Vec<_> = job.subjects.iter().map(subject).collect();
            (kind, text(&job.case.text), job.case.flags.bits(), &job.given, subjects)
        })
        .collect();
    // Writing to memory succeeds.
    let mut line =
        serde_json::to_vec(&(forms, operations, request.limit, request.with_code, cases)).unwrap_or_default();
    line.push(b'\n');
    line
}

/// The reply to a case.
#[derive(Deserialize)]
pub(crate) struct Reply {
    /// Why the pattern is refused.
    pub refused: Option<String>,
    /// One for each form.
    #[serde(default)]
    pub forms: Vec<FormReply>,
}

/// The reply for a form.
#[derive(Deserialize)]
pub(crate) struct FormReply {
    /// Why there is no such form.
    pub missing: Option<String>,
    /// One for each subject, not parsed yet: equal outcomes are equal texts.
    #[serde(default)]
    pub subjects: Vec<Box<RawValue>>,
    /// The code, if that was requested.
    pub code: Option<Given>,
}

/// Parses a reply, which has to have an entry for each of `cases`.
pub(crate) fn parse(reply: &[u8], cases: usize) -> Result<Vec<Reply>, String> {
    let replies: Vec<Reply> =
        serde_json::from_slice(reply).map_err(|error| format!("invalid reply: {error}"))?;
    if replies.len() != cases {
        return Err("the reply has the wrong number of cases".to_owned());
    }
    Ok(replies)
}
