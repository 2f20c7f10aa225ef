//! How far a sweep has come: what another run goes on from, and what the shards of one add up to.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sre_support::atomic_file;
use sre_support::visible::Shown;

use super::alphabet::{TOKENS, VARIANTS};
use super::numbers::Numbers;
use crate::COMPILER;
use crate::answers::Hash;
use crate::stats::Stats;
use crate::stats_json::StatsJson;

/// What was swept so far, all by one compiler: what another said of a case says nothing about this
/// one.
#[derive(Clone, Debug)]
pub struct State {
    /// Which compiler: its version, and a hash of its source.
    pub compiler: String,
    /// By interpreter, and by what our compiler was asked to be.
    pub pythons: Vec<Swept>,
}

/// What was compared with one interpreter.
#[derive(Clone, Debug)]
pub struct Swept {
    /// The numbers of the cases.
    pub done: Numbers,
    /// What was found of them.
    pub stats: Stats,
}

/// Why there is no state.
#[derive(Debug)]
pub enum BadState {
    /// The file cannot be read or written.
    Io(PathBuf, io::Error),
    /// It was not written by a sweep, or has changed since.
    Damaged(PathBuf, String),
    /// It is of a sweep over another alphabet.
    OtherAlphabet(PathBuf),
    /// Two states hold the same cases.
    Overlap(String),
    /// One is of another compiler.
    OtherCompiler {
        /// What it is of.
        found: String,
        /// What it should be of.
        expected: String,
    },
}

/// The file: what it holds, and a hash of that, by which a truncated file is recognized.
#[derive(Serialize, Deserialize)]
struct Sealed {
    hash: String,
    sweep: Box<RawValue>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    /// A hash of tokens and variants, which give the numbers their meaning.
    alphabet: String,
    compiler: String,
    pythons: Vec<StoredPython>,
}

#[derive(Serialize, Deserialize)]
struct StoredPython {
    done: Numbers,
    findings: StatsJson,
}

impl Default for State {
    fn default() -> State {
        State { compiler: COMPILER.to_owned(), pythons: Vec::new() }
    }
}

impl State {
    /// Is it of the compiler that is built in here?
    ///
    /// # Errors
    /// If it is of another.
    pub fn check_compiler(&self) -> Result<(), BadState> {
        self.check_compiler_is(COMPILER)
    }

    fn check_compiler_is(&self, expected: &str) -> Result<(), BadState> {
        if self.compiler == expected {
            return Ok(());
        }
        Err(BadState::OtherCompiler { found: self.compiler.clone(), expected: expected.to_owned() })
    }

    /// Reads a file.
    ///
    /// # Errors
    /// If it is none, or of another alphabet.
    pub fn read(file: &Path) -> Result<State, BadState> {
        let text = fs::read(file).map_err(|error| BadState::Io(file.to_owned(), error))?;
        let damaged = |why: String| BadState::Damaged(file.to_owned(), why);
        let sealed: Sealed = serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if sealed.hash != seal(&sealed.sweep) {
            return Err(damaged("its hash is another".to_owned()));
        }
        let stored: Stored =
            serde_json::from_str(sealed.sweep.get()).map_err(|error| damaged(error.to_string()))?;
        if stored.alphabet != alphabet() {
            return Err(BadState::OtherAlphabet(file.to_owned()));
        }
        let pythons = stored.pythons.into_iter().map(|StoredPython { done, findings }| {
            Stats::try_from(findings).map(|stats| Swept { done, stats })
        });
        let pythons = pythons.collect::<Result<_, _>>().map_err(|error| damaged(error.to_string()))?;
        Ok(State { compiler: stored.compiler, pythons })
    }

    /// Writes the file, whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, file: &Path) -> Result<(), BadState> {
        let stored = Stored {
            alphabet: alphabet(),
            compiler: self.compiler.clone(),
            pythons: self.pythons.iter().map(Swept::stored).collect(),
        };
        let failed = |error: io::Error| BadState::Io(file.to_owned(), error);
        let sweep = serde_json::value::to_raw_value(&stored).map_err(|error| failed(error.into()))?;
        let sealed = Sealed { hash: seal(&sweep), sweep };
        let text = serde_json::to_vec(&sealed).map_err(|error| failed(error.into()))?;
        atomic_file::write(file, &text).map_err(failed)
    }

    /// What was compared with an interpreter, as a dialect; nothing yet, if it is new.
    pub fn of(&mut self, stats: Stats) -> &mut Swept {
        let same = |swept: &Swept| swept.stats.python == stats.python && swept.stats.dialect == stats.dialect;
        let at = self.pythons.iter().position(same).unwrap_or_else(|| {
            self.pythons.push(Swept { done: Numbers::default(), stats });
            self.pythons.len() - 1
        });
        &mut self.pythons[at]
    }

    /// Adds what another state holds.
    ///
    /// # Errors
    /// If both hold the same cases, or they are of two compilers.
    pub fn merge(&mut self, other: State) -> Result<(), BadState> {
        other.check_compiler_is(&self.compiler)?;
        for Swept { done, stats } in other.pythons {
            let swept = self.of(Stats::new(stats.python.clone(), stats.dialect));
            let clash = done.ranges().iter().find(|range| !swept.done.add(Range::clone(range)));
            if let Some(range) = clash {
                return Err(BadState::Overlap(format!(
                    "{} to {} of {}",
                    range.start, range.end, stats.python
                )));
            }
            swept.stats.add(stats);
        }
        Ok(())
    }
}

impl Swept {
    fn stored(&self) -> StoredPython {
        StoredPython { done: self.done.clone(), findings: StatsJson::from(&self.stats) }
    }
}

fn seal(sweep: &RawValue) -> String {
    Hash::of(&[sweep.get().as_bytes()]).to_string()
}

fn alphabet() -> String {
    let parts: Vec<&[u8]> =
        TOKENS.iter().chain(&VARIANTS).flat_map(|part| [part.as_bytes(), b"\n".as_slice()]).collect();
    Hash::of(&parts).to_string()
}

impl fmt::Display for BadState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadState::Io(file, error) => write!(f, "{}: {error}", file.shown()),
            BadState::Damaged(file, why) => {
                write!(f, "{}: not the state of a sweep, or damaged: {why}", file.shown())
            }
            BadState::OtherAlphabet(file) => write!(f, "{}: swept another alphabet", file.shown()),
            BadState::Overlap(range) => write!(f, "two states hold the cases {range}"),
            BadState::OtherCompiler { found, expected } => {
                write!(f, "the state is of compiler {found}, not of {expected}; sweep anew")
            }
        }
    }
}

impl std::error::Error for BadState {}
