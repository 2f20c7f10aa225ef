//! Reading and writing the files of recorded answers.

use std::path::Path;
use std::{fmt, fs, io};

use serde::Deserialize;
use serde_json::value::RawValue;
use sre_case::wire::InterpreterInfo;
use sre_case::{Outcome, wire};
use sre_support::visible::Shown;

use super::{Answer, Answers, Hash, OutcomeOrHash, Recorded};

#[derive(Deserialize)]
struct Line {
    python: Option<InterpreterInfo>,
    file: Option<String>,
    case: Option<Box<RawValue>>,
    from: Option<String>,
    answer: Option<Box<RawValue>>,
    debug: Option<String>,
}

#[derive(Deserialize)]
struct HashOnly {
    hash: String,
}

/// Why a line is invalid.
#[derive(Debug)]
struct BadLine(String);

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadLine {}

impl Answers {
    /// Reads a file. Returns no answers if it does not exist.
    ///
    /// # Errors
    /// If the file cannot be read, or a line of it is invalid.
    pub fn read(file: &Path) -> io::Result<Answers> {
        let text = match fs::read_to_string(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Answers::default()),
            text => text?,
        };
        let mut answers = Answers::default();
        for (n, line) in text.lines().enumerate() {
            let place = |error: BadLine| io::Error::other(format!("{}:{}: {error}", file.shown(), n + 1));
            answers.read_line(line).map_err(place)?;
        }
        // The last answer for a case is valid for all later interpreters.
        for recorded in answers.cases.values_mut() {
            let last = recorded.answers.last().cloned().flatten();
            recorded.answers.resize(answers.pythons.len(), last);
        }
        Ok(answers)
    }

    fn read_line(&mut self, line: &str) -> Result<(), BadLine> {
        let bad = |why: &str| BadLine(why.to_owned());
        let line: Line = serde_json::from_str(line).map_err(|error| BadLine(wire::json_error(&error)))?;
        if let Some(python) = line.python {
            self.pythons.push(python);
            return Ok(());
        }
        let (Some(file), Some(from)) = (line.file, line.from) else {
            return Err(bad("\"file\" or \"from\" is missing"));
        };
        let from = self.pythons.iter().position(|python| python.label() == from);
        let from = from.ok_or_else(|| bad("\"from\" names an interpreter that is not listed above"))?;
        if let Some(case) = line.case {
            let request =
                wire::parse_request(case.get().as_bytes()).map_err(|error| BadLine(error.to_string()))?;
            self.cases.insert(file.clone(), Recorded { case: request.case, answers: Vec::new() });
        }
        let recorded = self.cases.get_mut(&file).ok_or_else(|| bad("the file's first line has no case"))?;
        let before = recorded.answers.last().cloned().flatten();
        if recorded.answers.len() > from {
            return Err(bad("the answers are not in the order of the interpreters"));
        }
        recorded.answers.resize(from, before);
        let answer = line.answer.map(|answer| read_answer(&answer, line.debug.as_deref())).transpose()?;
        recorded.answers.push(answer);
        Ok(())
    }

    /// Returns the contents of the file.
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for python in &self.pythons {
            out.extend_from_slice(b"{\"python\": ");
            // Serializing numbers and strings does not fail.
            out.extend(serde_json::to_vec(python).unwrap_or_default());
            out.extend_from_slice(b"}\n");
        }
        for (file, recorded) in &self.cases {
            for (n, (python, answer)) in changes(recorded, &self.pythons).enumerate() {
                write_line(&mut out, file, (n == 0).then_some(recorded), python, answer);
            }
        }
        out
    }
}

/// Returns the answers that differ from the answer of the interpreter before.
fn changes<'a>(
    recorded: &'a Recorded,
    pythons: &'a [InterpreterInfo],
) -> impl Iterator<Item = (&'a InterpreterInfo, Option<&'a Answer>)> {
    let mut before: Option<&Option<Answer>> = None;
    recorded.answers.iter().zip(pythons).filter_map(move |(answer, python)| {
        let is_new = before != Some(answer);
        before = Some(answer);
        is_new.then_some((python, answer.as_ref()))
    })
}

/// Returns the recorded answers to a case, each on a line of its own, for people.
pub(super) fn write_lines(recorded: &Recorded, pythons: &[InterpreterInfo]) -> String {
    let mut lines = format!("{}\n", recorded.case.excerpt());
    for (python, answer) in changes(recorded, pythons) {
        let mut line = Vec::new();
        write_answer(&mut line, answer);
        lines.push_str(&format!("{:9} {}\n", python.label(), String::from_utf8_lossy(&line).shown()));
    }
    lines
}

fn read_answer(answer: &RawValue, debug: Option<&str>) -> Result<Answer, BadLine> {
    let bad_hash = || BadLine("not a hash".to_owned());
    let debug = debug.map(|debug| Hash::parse(debug).ok_or_else(bad_hash)).transpose()?;
    if let Ok(HashOnly { hash }) = serde_json::from_str(answer.get()) {
        let hash = Hash::parse(&hash).ok_or_else(bad_hash)?;
        return Ok(Answer { outcome: OutcomeOrHash::Hash(hash), debug });
    }
    match wire::parse_outcome(answer.get().as_bytes()) {
        Ok(Outcome::NoAnswer { .. }) => Err(BadLine("the answer is not an outcome".to_owned())),
        Ok(outcome) => Ok(Answer { outcome: OutcomeOrHash::Outcome(Box::new(outcome)), debug }),
        Err(error) => Err(BadLine(error.to_string())),
    }
}

fn write_line(
    out: &mut Vec<u8>,
    file: &str,
    case: Option<&Recorded>,
    python: &InterpreterInfo,
    answer: Option<&Answer>,
) {
    out.extend_from_slice(b"{\"file\": ");
    wire::write_str(out, &file.into());
    if let Some(Recorded { case, .. }) = case {
        out.extend_from_slice(b", \"case\": ");
        wire::write_request(out, case, false);
    }
    out.extend_from_slice(b", \"from\": ");
    wire::write_str(out, &python.label().into());
    out.extend_from_slice(b", \"answer\": ");
    write_answer(out, answer);
    out.extend_from_slice(b"}\n");
}

fn write_answer(out: &mut Vec<u8>, answer: Option<&Answer>) {
    match answer.map(|answer| &answer.outcome) {
        None => out.extend_from_slice(b"null"),
        Some(OutcomeOrHash::Outcome(outcome)) => wire::write_outcome(out, outcome),
        Some(OutcomeOrHash::Hash(hash)) => out.extend(format!("{{\"hash\": \"{hash}\"}}").into_bytes()),
    }
    if let Some(debug) = answer.and_then(|answer| answer.debug) {
        out.extend(format!(", \"debug\": \"{debug}\"").into_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sre_case::Case;

    #[test]
    fn answers_round_trip_and_only_changes_take_a_line() {
        let info = |minor: u32| InterpreterInfo {
            version: (3, minor, 0),
            level: "final".to_owned(),
            magic: 1,
            unidata: "15.0.0".to_owned(),
            implementation: "cpython".to_owned(),
            digits: Some(4300),
        };
        let rejected = |message: &str| {
            let line =
                format!(r#"{{"error": {{"type": "ValueError", "msg": "{message}"}}, "warnings": []}}"#);
            Answer::new(wire::parse_outcome(line.as_bytes()).unwrap())
        };
        let long = rejected(&"a".repeat(10_000));
        assert!(matches!(&long, Some(Answer { outcome: OutcomeOrHash::Hash(_), debug: None })));
        let answers = Answers {
            pythons: (10..15).map(info).collect(),
            cases: [
                ("a.case", [rejected("a"), rejected("a"), rejected("b"), rejected("b"), rejected("b")]),
                ("b.case", [None, long.clone(), long, rejected("c"), None]),
            ]
            .map(|(file, answers)| {
                let case = Case::decode(file.as_bytes());
                (file.to_owned(), Recorded { case, answers: answers.to_vec() })
            })
            .into(),
        };
        let text = answers.write();
        assert_eq!(text.iter().filter(|&&byte| byte == b'\n').count(), 5 + 2 + 4);
        let file = std::env::temp_dir().join(format!("answers-{}.jsonl", std::process::id()));
        fs::write(&file, text).unwrap();
        let read = Answers::read(&file);
        fs::remove_file(&file).unwrap();
        assert_eq!(read.unwrap(), answers);
    }
}
