//! The state of a sweep, from which another run resumes, and which can be merged with those of
//! other shards.

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

/// The results so far, all of one build of sre-compiler, since those of another build are not valid
/// for this one.
#[derive(Clone, Debug)]
pub struct State {
    /// The version of sre-compiler, and a hash of its source.
    pub compiler: String,
    /// The results, one for each interpreter and dialect.
    pub pythons: Vec<Swept>,
}

/// The results for one interpreter and dialect.
#[derive(Clone, Debug)]
pub struct Swept {
    /// The numbers of the compared cases.
    pub done: Numbers,
    /// Their statistics.
    pub stats: Stats,
}

/// Why a state cannot be used.
#[derive(Debug)]
pub enum BadState {
    /// The file cannot be read or written.
    Io(PathBuf, io::Error),
    /// The file was not written by a sweep, or has changed since.
    Damaged(PathBuf, String),
    /// The state is of a sweep over other tokens or variants.
    OtherAlphabet(PathBuf),
    /// Two states contain the same cases.
    Overlap(String),
    /// The state is of another build of sre-compiler.
    OtherCompiler {
        /// The build of the state.
        found: String,
        /// The expected build.
        expected: String,
    },
}

/// The file: its contents and their hash, which detects a truncated file.
#[derive(Serialize, Deserialize)]
struct Sealed {
    hash: String,
    sweep: Box<RawValue>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    /// A hash of the tokens and variants, which define the numbers.
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
    /// Checks that the state is of this build of sre-compiler.
    ///
    /// # Errors
    /// If it is of another build.
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
    /// If it cannot be read, is damaged, or is of another alphabet.
    pub fn read(file: &Path) -> Result<State, BadState> {
        let text = fs::read(file).map_err(|error| BadState::Io(file.to_owned(), error))?;
        let damaged = |why: String| BadState::Damaged(file.to_owned(), why);
        let sealed: Sealed = serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if sealed.hash != seal(&sealed.sweep) {
            return Err(damaged("its hash does not match".to_owned()));
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

    /// Writes the file atomically.
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

    /// Returns the results for the interpreter and dialect of `stats`, which are added if missing.
    pub fn of(&mut self, stats: Stats) -> &mut Swept {
        let same = |swept: &Swept| swept.stats.python == stats.python && swept.stats.dialect == stats.dialect;
        let at = self.pythons.iter().position(same).unwrap_or_else(|| {
            self.pythons.push(Swept { done: Numbers::default(), stats });
            self.pythons.len() - 1
        });
        &mut self.pythons[at]
    }

    /// Adds the results of another state.
    ///
    /// # Errors
    /// If both contain the same cases, or are of different builds.
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
                write!(f, "{}: damaged, or not the state of a sweep: {why}", file.shown())
            }
            BadState::OtherAlphabet(file) => {
                write!(f, "{}: the state of a sweep over other tokens; start a new one", file.shown())
            }
            BadState::Overlap(range) => write!(f, "two states contain the cases {range}"),
            BadState::OtherCompiler { found, expected } => {
                write!(f, "the state is of compiler {found}, not of {expected}; start a new one")
            }
        }
    }
}

impl std::error::Error for BadState {}
