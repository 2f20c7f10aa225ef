//! Recorded answers: outcomes of CPython, with which the corpus is checked without any Python.
//!
//! Each folder of the corpus has one file of JSON Lines under `answers`:
//! `answers/seeds/sets.jsonl` for `seeds/sets`. Its first lines name the interpreters, oldest first:
//!
//! ```text
//! {"python": {"version": [3, 13, 0], …}}
//! ```
//!
//! The others hold the answers, sorted by the name of the case file. An answer is valid from its
//! version up to that of the next line:
//!
//! ```text
//! {"file": "nested.case", "case": {"kind": "str", …}, "from": "3.8.18", "answer": {"code": …}, "debug": "1f…"}
//! {"file": "nested.case", "from": "3.11.7", "answer": …}
//! ```
//!
//! A new version that answers like the one before it therefore adds one line. `debug` is a hash of
//! the two texts that `re.DEBUG` prints and of whether `_sre` accepts the code. A long answer is
//! replaced by its hash. `null` stands for an answer that was never recorded.

mod file;
mod new_case;
mod record;
mod replay;
mod review;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use sre_case::wire::InterpreterInfo;
use sre_case::{Case, Outcome, wire};
use sre_support::fnv::fnv1a;

pub use new_case::{Asked, NewAnswers, record_new};
pub use record::{CannotRecord, Change, record};
pub use replay::{Mismatch, Replayed, replay};
pub use review::CaseChange;

/// The recorded answers for the cases of one folder.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answers {
    /// The interpreters, oldest first.
    pub pythons: Vec<InterpreterInfo>,
    /// The cases, by the name of their file.
    pub cases: BTreeMap<String, Recorded>,
}

/// A case, and the recorded answer of each interpreter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// The case, as it was when it was recorded.
    pub case: Case,
    /// One answer for each of [`Answers::pythons`].
    pub answers: Vec<Option<Answer>>,
}

/// A recorded outcome.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The outcome, without the texts of `re.DEBUG`.
    pub outcome: OutcomeOrHash,
    /// The hash of those texts, if the pattern was accepted and the interpreter could tell whether
    /// `_sre` accepts the code.
    pub debug: Option<Hash>,
}

/// An outcome, or the hash of a long one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OutcomeOrHash {
    /// The outcome.
    Outcome(Box<Outcome>),
    /// The hash of the outcome as it would be written.
    Hash(Hash),
}

/// A hash that detects changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hash(u64);

/// The longest outcome that is recorded whole, in bytes as written.
const LONGEST: usize = 4096;

impl Hash {
    pub(crate) fn of(parts: &[&[u8]]) -> Hash {
        Hash(fnv1a(parts.iter().flat_map(|part| part.iter().copied())))
    }

    pub(crate) fn parse(text: &str) -> Option<Hash> {
        u64::from_str_radix(text, 16).ok().map(Hash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Answer {
    /// Returns the answer to record for an outcome with the texts of `re.DEBUG`; `None` for
    /// [`Outcome::NoAnswer`].
    pub fn new(mut outcome: Outcome) -> Option<Answer> {
        let mut debug = None;
        match &mut outcome {
            Outcome::Accepted(accepted) => {
                let (tree, dis) = (accepted.tree.take(), accepted.dis.take());
                if let (Some(tree), Some(dis)) = (tree, dis) {
                    let validity: &[u8] = if accepted.valid.take() == Some(false) { b"refused" } else { b"" };
                    debug = Some(Hash::of(&[tree.as_bytes(), b"\n", dis.as_bytes(), validity]));
                }
            }
            Outcome::Rejected(_) => {}
            Outcome::NoAnswer { .. } => return None,
        }
        let mut line = Vec::new();
        wire::write_outcome(&mut line, &outcome);
        let outcome = match line.len() {
            ..=LONGEST => OutcomeOrHash::Outcome(Box::new(outcome)),
            _ => OutcomeOrHash::Hash(Hash::of(&[&line])),
        };
        Some(Answer { outcome, debug })
    }
}

/// Returns the file with the recorded answers for the cases of a folder.
pub fn answers_file(root: &Path, folder: &Path) -> PathBuf {
    let below = folder.strip_prefix(root).unwrap_or(folder);
    let name = if below.as_os_str().is_empty() { Path::new("cases") } else { below };
    let mut file = root.join("answers").join(name).into_os_string();
    file.push(".jsonl");
    file.into()
}
