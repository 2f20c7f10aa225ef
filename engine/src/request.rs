//! Requests; docs/matching.md describes them.

use serde::Deserialize;

/// Code with its flags, number of groups, and names with their groups.
pub(crate) type Given = (Vec<u32>, i64, u32, Vec<(String, u32)>);

/// A request: the forms, the operations, the time limit of a subject in seconds, whether code is
/// wanted, and the cases.
#[derive(Deserialize)]
#[serde(from = "(Vec<String>, Vec<String>, f64, bool, Vec<Wire>)")]
pub(crate) struct Request {
    pub(crate) forms: Vec<String>,
    pub(crate) operations: Vec<String>,
    pub(crate) limit: f64,
    pub(crate) cases: Vec<Case>,
}

/// A case: kind, pattern, flags, the code to run, and subjects of text, pos and endpos.
type Wire = (String, Text, i64, Option<Given>, Vec<(Text, usize, usize)>);

/// Text, or code points if it has surrogates. Bytes are Latin-1 text.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Text {
    String(String),
    CodePoints(Vec<u32>),
}

pub(crate) struct Case {
    pub(crate) is_bytes: bool,
    pub(crate) program: Option<Given>,
    pub(crate) subjects: Vec<(Text, usize, usize)>,
}

impl From<(Vec<String>, Vec<String>, f64, bool, Vec<Wire>)> for Request {
    fn from(wire: (Vec<String>, Vec<String>, f64, bool, Vec<Wire>)) -> Request {
        let (forms, operations, limit, _, cases) = wire;
        let case =
            |(kind, _, _, program, subjects): Wire| Case { is_bytes: kind == "bytes", program, subjects };
        Request { forms, operations, limit, cases: cases.into_iter().map(case).collect() }
    }
}
