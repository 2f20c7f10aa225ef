//! The score: how many mutants the corpus catches.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use sre_support::visible::Shown;

use crate::mutant::Mutant;
use crate::state::State;
use crate::survivors::Survivors;
use crate::trial::Outcome;

/// The numbers of mutants of a file, or of all files.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Counts {
    pub mutants: usize,
    pub unviable: usize,
    pub caught: usize,
    /// Stopped by a limit; not counted as caught.
    pub timeout: usize,
    /// Missed, and in the list of survivors.
    pub listed: usize,
    /// Missed, and not in the list.
    pub missed: usize,
    /// Not tried yet.
    pub untried: usize,
}

/// The score, and the differences from the list of survivors.
#[derive(Debug, Default)]
pub(crate) struct Score<'m> {
    pub files: BTreeMap<&'m Path, Counts>,
    pub total: Counts,
    /// Missed, and not in the list.
    pub missed: Vec<&'m Mutant>,
    /// In the list, though caught or unviable.
    pub caught_though_listed: Vec<String>,
    /// In the list, though there is no such mutant.
    pub unknown: Vec<String>,
}

impl Counts {
    fn add(&mut self, outcome: Option<Outcome>, listed: bool) {
        self.mutants += 1;
        *match outcome {
            Some(Outcome::Unviable) => &mut self.unviable,
            Some(Outcome::Caught) => &mut self.caught,
            Some(Outcome::Timeout) => &mut self.timeout,
            Some(Outcome::Missed) if listed => &mut self.listed,
            Some(Outcome::Missed) => &mut self.missed,
            None => &mut self.untried,
        } += 1;
    }

    /// Returns the number of killed mutants, and of all that compile.
    pub(crate) fn killed(&self) -> (usize, usize) {
        let killed = self.caught + self.timeout;
        (killed, killed + self.listed + self.missed)
    }
}

impl<'m> Score<'m> {
    pub(crate) fn new(mutants: &'m [Mutant], state: &State, survivors: &Survivors) -> Score<'m> {
        let mut score = Score::default();
        // Several mutants may have one name, which is listed if one of them is missed.
        let mut left: BTreeSet<&str> = survivors.keys().map(String::as_str).collect();
        for mutant in mutants {
            let outcome = state.get(mutant);
            let listed = survivors.contains_key(&mutant.name);
            score.files.entry(&mutant.file).or_default().add(outcome, listed);
            score.total.add(outcome, listed);
            match outcome {
                Some(Outcome::Missed) if !listed => score.missed.push(mutant),
                Some(Outcome::Missed) | None => {
                    left.remove(mutant.name.as_str());
                }
                Some(_) => {}
            }
        }
        for name in left {
            let exists = mutants.iter().any(|mutant| mutant.name == name);
            let list = if exists { &mut score.caught_though_listed } else { &mut score.unknown };
            list.push(name.to_owned());
        }
        score
    }

    /// Returns whether all mutants were tried, and exactly the missed ones are listed.
    pub(crate) fn is_settled(&self) -> bool {
        self.total.untried == 0
            && self.missed.is_empty()
            && self.caught_though_listed.is_empty()
            && self.unknown.is_empty()
    }

    /// Returns the table for score.tsv, followed by the missed mutants that are not listed.
    pub(crate) fn table(&self) -> String {
        let mut table = "file\tmutants\tunviable\tcaught\ttimeout\tlisted\tmissed\tuntried\n".to_owned();
        let name = |file: &Path| file.shown().to_string();
        let files = self.files.iter().map(|(file, counts)| (name(file), counts));
        for (name, counts) in files.chain([("total".to_owned(), &self.total)]) {
            let Counts { mutants, unviable, caught, timeout, listed, missed, untried } = counts;
            // Writing to a string does not fail.
            let _ = writeln!(
                table,
                "{name}\t{mutants}\t{unviable}\t{caught}\t{timeout}\t{listed}\t{missed}\t{untried}"
            );
        }
        for mutant in &self.missed {
            let _ = writeln!(table, "missed\t{}", mutant.name);
        }
        table
    }
}
