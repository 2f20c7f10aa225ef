//! Answers: outcomes recorded from CPython, so that the corpus can be checked without any Python.
//!
//! For each folder of the corpus there is one file of JSON Lines under `answers`,
//! `answers/seeds/sets.jsonl` for `seeds/sets`. First it names the interpreters that were asked,
//! oldest first:
//!
//! ```text
//! {"python": {"version": [3, 13, 0], …}}
//! ```
//!
//! then the answers, by name of the case file; an answer holds from its version up to the next
//! line's:
//!
//! ```text
//! {"file": "nested.case", "case": {"kind": "str", …}, "from": "3.8.18", "answer": {"code": …}, "debug": "1f…"}
//! {"file": "nested.case", "from": "3.11.7", "answer": …}
//! ```
//!
//! So a new version that answers like the one before it adds one line. `debug` is a hash of the two
//! texts that `re.DEBUG` prints and of whether `_sre` takes the code; in the place of a long answer
//! there is its hash. An answer of `null` was never recorded.

mod file;
mod keep;
mod record;
mod replay;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use sre_case::wire::InterpreterInfo;
use sre_case::{Case, Outcome, wire};
use sre_support::fnv::fnv1a;

pub use keep::{Asked, Kept, record_new};
pub use record::{CannotRecord, Change, record};
pub use replay::{Mismatch, Replayed, replay};

/// The answers for the cases of one folder.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answers {
    /// The interpreters, oldest first.
    pub pythons: Vec<InterpreterInfo>,
    /// By name of the case file.
    pub cases: BTreeMap<String, Recorded>,
}

/// A case, and what each interpreter answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// The case, as it was when it was asked.
    pub case: Case,
    /// One for each of [`Answers::pythons`].
    pub answers: Vec<Option<Answer>>,
}

/// A recorded outcome.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The outcome, without the texts of `re.DEBUG`.
    pub outcome: Brief,
    /// The hash of those texts, if the pattern was accepted.
    pub debug: Option<Hash>,
}

/// An outcome, or the hash of a long one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Brief {
    /// The outcome.
    Outcome(Box<Outcome>),
    /// The hash of what it is written as.
    Hash(Hash),
}

/// A hash by which changes are noticed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hash(u64);

/// An outcome whose line is longer is recorded as its hash.
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
    /// What is recorded of an outcome that has the texts of `re.DEBUG`; none if there was no
    /// outcome.
    pub fn new(mut outcome: Outcome) -> Option<Answer> {
        let mut debug = None;
        match &mut outcome {
            Outcome::Accepted(accepted) => {
                let (tree, dis) = (accepted.tree.take(), accepted.dis.take());
                if let (Some(tree), Some(dis)) = (tree, dis) {
                    let taken: &[u8] = if accepted.taken.take() == Some(false) { b"refused" } else { b"" };
                    debug = Some(Hash::of(&[tree.as_bytes(), b"\n", dis.as_bytes(), taken]));
                }
            }
            Outcome::Rejected(_) => {}
            Outcome::NoAnswer { .. } => return None,
        }
        let mut line = Vec::new();
        wire::write_outcome(&mut line, &outcome);
        let outcome = match line.len() {
            ..=LONGEST => Brief::Outcome(Box::new(outcome)),
            _ => Brief::Hash(Hash::of(&[&line])),
        };
        Some(Answer { outcome, debug })
    }
}

/// The file that holds the answers for the cases of a folder.
pub fn answers_file(root: &Path, folder: &Path) -> PathBuf {
    let below = folder.strip_prefix(root).unwrap_or(folder);
    let name = if below.as_os_str().is_empty() { Path::new("cases") } else { below };
    let mut file = root.join("answers").join(name).into_os_string();
    file.push(".jsonl");
    file.into()
}
