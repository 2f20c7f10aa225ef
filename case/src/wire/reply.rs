//! Parsing replies.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::request::{Bytes, json_error};
use crate::cost::Cost;
use crate::text::PyText;
use crate::{outcome::Accepted, outcome::Outcome, outcome::Rejected, outcome::Warning};

/// The version and build of an interpreter, which its first line contains.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InterpreterInfo {
    /// `sys.version_info[:3]`.
    pub version: (u32, u32, u32),
    /// `sys.version_info.releaselevel`: `final`, or that of a pre-release.
    pub level: String,
    /// `_sre.MAGIC`.
    pub magic: u32,
    /// `unicodedata.unidata_version`.
    pub unidata: String,
    /// `sys.implementation.name`.
    pub implementation: String,
    /// `sys.get_int_max_str_digits()`: the limit of digits of `int`, or 0 for no limit. `None` in
    /// versions without that function.
    pub digits: Option<u32>,
}

impl InterpreterInfo {
    /// Returns CPython 3.10.13, for tests without an interpreter.
    #[doc(hidden)]
    pub fn of_python_3_10() -> InterpreterInfo {
        InterpreterInfo {
            version: (3, 10, 13),
            level: "final".to_owned(),
            magic: 20171005,
            unidata: "13.0.0".to_owned(),
            implementation: "cpython".to_owned(),
            digits: Some(4300),
        }
    }
}

/// Why a line is not a valid reply.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadReply(String);

impl fmt::Display for BadReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadReply {}

#[derive(Deserialize)]
struct Line {
    code: Option<Vec<u32>>,
    /// In a batch, the number of words of the code.
    words: Option<usize>,
    flags: Option<i64>,
    groups: Option<u32>,
    groupindex: Option<Vec<(String, u32)>>,
    error: Option<Error>,
    warnings: Option<Vec<(String, Bytes)>>,
    tree: Option<String>,
    dis: Option<String>,
    valid: Option<bool>,
    invalid: Option<String>,
    lost: Option<String>,
}

#[derive(Deserialize)]
struct Error {
    r#type: String,
    msg: Bytes,
    pos: Option<i64>,
    lineno: Option<i64>,
    colno: Option<i64>,
}

#[derive(Deserialize)]
struct BatchLine {
    outcomes: Vec<Line>,
    /// What each refusal depends on, if the interpreter was asked to watch that.
    #[serde(default)]
    reads: Vec<i64>,
    /// Processor time of compiling, in nanoseconds.
    compiling: u64,
    /// Total processor time, in nanoseconds.
    everything: u64,
}

/// What a refusal of a pattern depends on, besides its beginning.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reads {
    /// Whether the end of the pattern was read, or may have been.
    pub end: bool,
    /// The bits of the flags that were read.
    pub flags: i64,
}

impl Reads {
    /// Decodes the number of `compile_watched` in `oracle/python/watched.py`; `None` if the outcome
    /// may depend on everything.
    fn decode(number: i64) -> Option<Reads> {
        (number >= 0).then_some(Reads { end: number & 1 != 0, flags: number >> 1 })
    }
}

/// The outcomes of the cases of a batch, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    pub outcomes: Vec<Outcome>,
    /// What each outcome depends on; empty if that was not watched.
    pub reads: Vec<Option<Reads>>,
    /// Processor time since the reply before, or the start.
    pub cost: Cost,
}

/// Parses the first line of an interpreter.
///
/// # Errors
/// If the line is invalid.
pub fn parse_info(line: &[u8]) -> Result<InterpreterInfo, BadReply> {
    serde_json::from_slice(line).map_err(|error| BadReply(json_error(&error)))
}

/// Parses an outcome.
///
/// # Errors
/// If the line is invalid.
pub fn parse_outcome(line: &[u8]) -> Result<Outcome, BadReply> {
    let mut line: Line = serde_json::from_slice(line).map_err(|error| BadReply(json_error(&error)))?;
    let code = line.code.take();
    outcome(line, code)
}

/// Parses the reply to a batch: a line, then the words of all code in native byte order.
pub fn parse_batch(frame: &[u8]) -> Result<Batch, BadReply> {
    let end = frame.iter().position(|&byte| byte == b'\n').unwrap_or(frame.len());
    let (line, bytes) = frame.split_at(end);
    let batch: BatchLine = serde_json::from_slice(line).map_err(|error| BadReply(json_error(&error)))?;
    let bytes = bytes.get(1..).unwrap_or_default();
    let word = |bytes: &[u8]| u32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    let mut words = bytes.chunks_exact(4).map(word);
    let mut outcomes = Vec::with_capacity(batch.outcomes.len());
    for line in batch.outcomes {
        let count = line.words;
        let code = count.map(|count| words.by_ref().take(count).collect::<Vec<u32>>());
        if code.as_ref().map(Vec::len) != count {
            return Err(BadReply("words are missing".to_owned()));
        }
        outcomes.push(outcome(line, code)?);
    }
    let cost = Cost {
        reference: Duration::from_nanos(batch.compiling),
        everything: Duration::from_nanos(batch.everything),
    };
    let reads = batch.reads.into_iter().map(Reads::decode).collect();
    Ok(Batch { outcomes, reads, cost })
}

fn outcome(line: Line, code: Option<Vec<u32>>) -> Result<Outcome, BadReply> {
    if let Some(why) = line.invalid {
        return Err(BadReply(format!("the request was rejected: {why}")));
    }
    if let Some(why) = line.lost {
        return Ok(Outcome::NoAnswer { why });
    }
    let bad = || BadReply("neither a compiled pattern nor an error".to_owned());
    let warnings = line.warnings.ok_or_else(bad)?.into_iter().map(|(category, text)| {
        let text = read_text(text)?;
        Ok(Warning { category, text })
    });
    let warnings = warnings.collect::<Result<_, _>>()?;
    if let Some(error) = line.error {
        return Ok(Outcome::Rejected(Rejected {
            exception: error.r#type,
            message: read_text(error.msg)?,
            pos: error.pos,
            lineno: error.lineno,
            colno: error.colno,
            warnings,
        }));
    }
    let (Some(code), Some(flags), Some(groups), Some(group_index)) =
        (code, line.flags, line.groups, line.groupindex)
    else {
        return Err(bad());
    };
    let (tree, dis, valid) = (line.tree, line.dis, line.valid);
    Ok(Outcome::Accepted(Accepted { code, flags, groups, group_index, warnings, tree, dis, valid }))
}

fn read_text(text: Bytes) -> Result<PyText, BadReply> {
    PyText::from_utf8(text.0).ok_or_else(|| BadReply("a text is not UTF-8".to_owned()))
}
