//! What no pattern can reach, and why: a file with an entry a line, held to what is reached.
//!
//! ```text
//! versions :: function :: what :: why
//! ```
//!
//! `versions` is a list as `sre check --pythons` takes it, or `ours` for this project's compiler, whose functions are
//! files. `what` is a line, as it stands in the source but for white space; `line …` is what is below the line;
//! `condition -> true` an outcome of a condition, or of all conditions of a line; `*` is the whole function. `line #2` is
//! the second such line of the function. Of an opcode or a rule that no pattern shows, the function is `opcodes` or
//! `rules`, and `what` its name. `#` begins a comment.

use std::fmt;
use std::ops::RangeInclusive;

use sre_compiler::Dialect;

use super::subject::{Kind, Site, Subject};
use crate::check::parse_versions;

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

/// What an entry is of.
enum Extent<'e> {
    Function,
    Below(&'e str),
    Outcome(&'e str, Kind),
    Line(&'e str),
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

    /// What became of each site of each subject, and what is wrong. Of ours, branches that are missed are no problem.
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

    fn extent(&self) -> Extent<'_> {
        let what = self.what.as_str();
        if what == "*" {
            return Extent::Function;
        }
        if let Some(line) = what.strip_suffix(" …") {
            return Extent::Below(line);
        }
        match what.rsplit_once(" -> ").and_then(|(text, kind)| Some((text, Kind::outcome(kind)?))) {
            Some((text, kind)) => Extent::Outcome(text, kind),
            None => Extent::Line(what),
        }
    }

    /// The sites that it is of. What lies below a line that is not reached, and the conditions of such a line, are
    /// not reached either.
    fn covers(&self, subject: &Subject, owners: &[usize]) -> Vec<usize> {
        let sites = &subject.sites;
        let whole = matches!(self.extent(), Extent::Function);
        let is_here = |site: &Site| {
            let inner = site.function.strip_prefix(&self.function);
            inner.is_some_and(|inner| inner.is_empty() || whole && inner.starts_with('.'))
        };
        let here: Vec<usize> = (0..sites.len()).filter(|&n| is_here(&sites[n])).collect();
        let lines_with = |text: &str| -> Vec<usize> {
            let (text, which) = numbered(text);
            let lines = here.iter().copied();
            let mut lines: Vec<usize> =
                lines.filter(|&n| sites[n].kind == Kind::Line && sites[n].text == text).collect();
            lines.sort_by_key(|&n| sites[n].line);
            match which {
                Some(which) => lines.get(which.wrapping_sub(1)).copied().into_iter().collect(),
                None => lines,
            }
        };
        match self.extent() {
            Extent::Function => here,
            Extent::Line(text) => {
                let lines = lines_with(text);
                here.into_iter().filter(|&n| lines.contains(&owners[n])).collect()
            }
            Extent::Outcome(text, kind) => {
                let lines = lines_with(text);
                let is_it = |&n: &usize| {
                    sites[n].kind == kind && (sites[n].text == text || lines.contains(&owners[n]))
                };
                here.into_iter().filter(is_it).collect()
            }
            Extent::Below(text) => {
                let lines = lines_with(text);
                // If nothing gets below a line, one of its conditions has but one outcome. The head of a function of
                // ours is one of its lines.
                let is_why = |n: usize| !sites[n].reached && lines.contains(&owners[n]);
                let blocks: Vec<_> = lines.iter().map(|&n| block(subject, &sites[n])).collect();
                let is_below = |n: usize| blocks.iter().any(|block| block.contains(&sites[owners[n]].line));
                here.into_iter().filter(|&n| is_below(n) || is_why(n)).collect()
            }
        }
    }
}

/// A line's text, and which of several such lines is meant.
fn numbered(text: &str) -> (&str, Option<usize>) {
    match text.rsplit_once(" #").map(|(line, number)| (line, number.parse())) {
        Some((line, Ok(number))) => (line, Some(number)),
        _ => (text, None),
    }
}

/// The lines below a line: those further in.
fn block(subject: &Subject, header: &Site) -> RangeInclusive<usize> {
    let source = subject.sources.get(&header.module).map_or("", String::as_str);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = source.lines().enumerate().map(|(n, line)| (n + 1, line)).skip(header.line - 1);
    let outer = lines.next().map_or(0, |(_, line)| indent(line));
    let mut last = header.line;
    for (n, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let text = line.trim_start();
        // The end of a head that spans lines.
        let goes_on = text.starts_with(')') && indent(line) == outer;
        if indent(line) <= outer && !goes_on {
            break;
        }
        last = n;
    }
    header.line + 1..=last
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
