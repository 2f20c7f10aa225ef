//! What no pattern can reach, and why: a file with an entry a line, held to what is reached.
//!
//! ```text
//! versions :: function :: what :: why
//! ```
//!
//! `versions` is a list as `sre check --pythons` takes it, or `ours` for this project's compiler,
//! whose functions are files. `what` is a line, as it stands in the source but for white space;
//! `line …` is what is below the line; `condition -> true` an outcome of a condition, or of all
//! conditions of a line; `*` is the whole function. `line #2` is the second such line of the
//! function. Of an opcode or a rule that no pattern shows, the function is `opcodes` or `rules`,
//! and `what` its name. `#` begins a comment.

use std::fmt;

use sre_case::parse_versions;
use sre_compiler::Dialect;

use super::subject::{Kind, Site, Subject};

/// The list.
#[derive(Clone, Debug, Default)]
pub struct Unreached {
    entries: Vec<Entry>,
}

/// An entry of the list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its line in the file, from 1.
    pub number: usize,
    /// The versions, as they are written.
    pub versions: String,
    /// The dialects of these versions; none for ours.
    pub dialects: Option<Vec<Dialect>>,
    /// The function.
    pub function: String,
    /// What of it, as it is written.
    pub what: String,
    /// Why it cannot be reached.
    pub why: String,
}

/// What became of a site.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It was reached.
    Reached,
    /// It was not, and this entry says why.
    Listed(usize),
    /// Neither.
    Missed,
}

/// What is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// A line is neither reached nor listed.
    Missed {
        /// Whose.
        subject: String,
        /// The line, with its module and number.
        place: String,
    },
    /// What is listed was reached.
    Reached {
        /// The entry's line in the file.
        entry: usize,
        /// Whose.
        subject: String,
        /// What was reached.
        place: String,
    },
    /// An entry is of nothing that is there.
    Stale {
        /// The entry's line in the file.
        entry: usize,
        /// The entry.
        what: String,
    },
}

/// A line of the file that is no entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadEntry {
    number: usize,
    why: String,
}

impl Unreached {
    /// Reads the file.
    ///
    /// # Errors
    /// Says which line is no entry.
    pub fn parse(text: &str) -> Result<Unreached, BadEntry> {
        let lines = text.lines().enumerate().map(|(n, line)| (n + 1, line.trim()));
        let entries = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let entries = entries.map(|(number, line)| Entry::parse(number, line)).collect::<Result<_, _>>()?;
        Ok(Unreached { entries })
    }

    /// The entry of a number that [`State::Listed`] holds.
    pub fn entry(&self, number: usize) -> &Entry {
        &self.entries[number]
    }

    /// All entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry for a word of a table, such as `opcodes`.
    pub fn of_word(&self, table: &str, word: &str, dialect: Dialect) -> Option<&Entry> {
        let fits =
            |entry: &&Entry| entry.function == table && entry.what == word && entry.is_of(Some(dialect));
        self.entries.iter().find(fits)
    }

    /// What became of each site of each subject, and what is wrong. Of ours, branches that are
    /// missed are no problem.
    pub(super) fn judge(&self, subjects: &[Subject]) -> (Vec<Vec<State>>, Vec<Problem>) {
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
            "ours" => None,
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

    /// Does it speak of the interpreter with this dialect, or of ours if there is none?
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
                write!(f, "listed in line {entry}, yet reached: {subject} {place}")
            }
            Problem::Stale { entry, what } => write!(f, "listed in line {entry}, but not there: {what}"),
        }
    }
}

impl fmt::Display for BadEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.number, self.why)
    }
}

impl std::error::Error for BadEntry {}
