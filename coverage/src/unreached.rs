//! The list of what no pattern can reach, with reasons: a file with one entry per line.
//!
//! ```text
//! versions :: function :: what :: why
//! ```
//!
//! `versions` is a list as for `sre check --target`, or `rust` for sre-compiler, whose functions are
//! files. `what` is a line of the source, without its indentation; `line …` is the block below the
//! line; `condition -> true` an outcome of a condition, or of all conditions of a line; `*` is the
//! whole function. `line #2` is the second such line of the function. For an opcode or a rule, the
//! function is `opcodes` or `rules`, and `what` its name. `#` begins a comment.

use std::fmt;

use sre_case::parse_versions;
use sre_compiler::Dialect;

use super::subject::{Kind, Site, Subject};

/// The entries of the list.
#[derive(Clone, Debug, Default)]
pub struct Unreached {
    entries: Vec<Entry>,
}

/// An entry of the list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Line of the entry in the file, from 1.
    pub number: usize,
    /// The versions, as written.
    pub versions: String,
    /// The dialects of these versions; `None` for sre-compiler.
    pub dialects: Option<Vec<Dialect>>,
    /// The function.
    pub function: String,
    /// What of the function, as written.
    pub what: String,
    /// Why it cannot be reached.
    pub why: String,
}

/// The state of a site.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It was reached.
    Reached,
    /// It was not reached, for the reason of this entry.
    Listed(usize),
    /// It was neither reached nor listed.
    Missed,
}

/// A difference between the measurements and the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// A site is neither reached nor listed.
    Missed {
        /// The compiler.
        subject: String,
        /// The site, with its module and line.
        place: String,
    },
    /// A listed site was reached.
    Reached {
        /// The entry's line in the file.
        entry: usize,
        /// The compiler.
        subject: String,
        /// The site, with its module and line.
        place: String,
    },
    /// An entry covers no site.
    Stale {
        /// The entry's line in the file.
        entry: usize,
        /// The entry.
        what: String,
    },
}

/// A malformed line of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadEntry {
    number: usize,
    why: String,
}

impl Unreached {
    /// Parses the list.
    ///
    /// # Errors
    /// The malformed line.
    pub fn parse(text: &str) -> Result<Unreached, BadEntry> {
        let lines = text.lines().enumerate().map(|(n, line)| (n + 1, line.trim()));
        let entries = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let entries = entries.map(|(number, line)| Entry::parse(number, line)).collect::<Result<_, _>>()?;
        Ok(Unreached { entries })
    }

    /// Returns the entry with the number of a [`State::Listed`].
    pub fn entry(&self, number: usize) -> &Entry {
        &self.entries[number]
    }

    /// Returns all entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the entry for a row of a table, such as `opcodes`.
    pub fn of_word(&self, table: &str, word: &str, dialect: Dialect) -> Option<&Entry> {
        let fits =
            |entry: &&Entry| entry.function == table && entry.what == word && entry.is_of(Some(dialect));
        self.entries.iter().find(fits)
    }

    /// Returns the state of each site of each subject, and the problems. Branches of sre-compiler may
    /// be missed.
    pub(super) fn check(&self, subjects: &[Subject]) -> (Vec<Vec<State>>, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut used = vec![None; self.entries.len()];
        let mut all = Vec::new();
        for subject in subjects {
            let owners = subject.owners();
            let state = |site: &Site| if site.reached { State::Reached } else { State::Missed };
            let mut states: Vec<State> = subject.sites.iter().map(state).collect();
            for (n, entry) in self.entries.iter().enumerate() {
                if !entry.is_of(subject.dialect) || entry.is_of_a_word() {
                    continue;
                }
                let covered = entry.covers(subject, &owners);
                *used[n].get_or_insert(false) |= !covered.is_empty();
                for &site in &covered {
                    match states[site] {
                        State::Reached => problems.push(Problem::Reached {
                            entry: entry.number,
                            subject: subject.name.clone(),
                            place: place(&subject.sites[site]),
                        }),
                        State::Missed => states[site] = State::Listed(n),
                        State::Listed(_) => {}
                    }
                }
            }
            let missed = subject.sites.iter().zip(&states);
            let counts = |site: &Site| site.kind == Kind::Line || subject.dialect.is_some();
            let missed = missed.filter(|(site, state)| **state == State::Missed && counts(site));
            problems.extend(
                missed.map(|(site, _)| Problem::Missed { subject: subject.name.clone(), place: place(site) }),
            );
            all.push(states);
        }
        let stale = self.entries.iter().zip(used).filter(|(_, used)| *used == Some(false));
        problems.extend(stale.map(|(entry, _)| Problem::Stale {
            entry: entry.number,
            what: format!("{} :: {}", entry.function, entry.what),
        }));
        (all, problems)
    }
}

impl Entry {
    fn parse(number: usize, line: &str) -> Result<Entry, BadEntry> {
        let bad = |why: &str| BadEntry { number, why: why.to_owned() };
        let parts: Vec<&str> = line.split(" :: ").map(str::trim).collect();
        let [versions, function, what, why] = parts[..] else {
            return Err(bad("not of the form `versions :: function :: what :: why`"));
        };
        if [function, what, why].iter().any(|part| part.is_empty()) {
            return Err(bad("a part is empty"));
        }
        let dialects = match versions {
            // `ours` is the former name.
            "rust" | "ours" => None,
            list => {
                let versions = parse_versions(list, true).map_err(|why| bad(&why.to_string()))?;
                Some(versions.into_iter().map(|version| version.dialect).collect())
            }
        };
        let own = str::to_owned;
        Ok(Entry {
            number,
            versions: own(versions),
            dialects,
            function: own(function),
            what: own(what),
            why: own(why),
        })
    }

    /// Returns whether the entry is for this dialect, or for sre-compiler if there is none.
    fn is_of(&self, dialect: Option<Dialect>) -> bool {
        match (&self.dialects, dialect) {
            (None, None) => true,
            (Some(dialects), Some(dialect)) => dialects.contains(&dialect),
            _ => false,
        }
    }

    fn is_of_a_word(&self) -> bool {
        ["opcodes", "rules"].contains(&self.function.as_str())
    }
}

fn place(site: &Site) -> String {
    format!("{}:{} {site}", site.module, site.line)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Missed { subject, place } => write!(f, "neither reached nor listed: {subject} {place}"),
            Problem::Reached { entry, subject, place } => {
                write!(f, "listed in line {entry}, but reached: {subject} {place}")
            }
            Problem::Stale { entry, what } => {
                write!(f, "listed in line {entry}, but not in any source: {what}")
            }
        }
    }
}

impl fmt::Display for BadEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.number, self.why)
    }
}

impl std::error::Error for BadEntry {}
