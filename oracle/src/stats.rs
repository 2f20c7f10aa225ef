//! What a comparison of many cases found.

use std::collections::BTreeMap;
use std::time::Duration;

use sre_case::{Case, Cost, Outcome};
use sre_compiler::Dialect;

use crate::divergence::{Divergence, Verdict};
use crate::known::Known;

/// What came out.
#[derive(Clone, Debug)]
pub struct Stats {
    /// The version of the interpreter.
    pub python: String,
    /// What `--pythons` takes for it, if it was compared with in this run.
    pub interpreter: Option<String>,
    /// What our compiler was asked to be.
    pub dialect: Dialect,
    /// How many cases were compared.
    pub compared: u64,
    /// Of these, how many both accept, with the same outcome.
    pub accepted: u64,
    /// How many both refuse, with the same outcome.
    pub rejected: u64,
    /// The known divergences, with the shortest case of each.
    pub known: BTreeMap<Known, (u64, Case)>,
    /// The others, by signature, with the one of the shortest case.
    pub unknown: BTreeMap<String, (u64, Box<Divergence>)>,
    /// The cases that the interpreter gave no outcome for, with what happened instead.
    pub lost: Vec<(Case, String)>,
    /// How often the interpreter's process had to be replaced.
    pub replaced: usize,
    /// How long it took.
    pub elapsed: Duration,
    /// What it cost.
    pub cost: Cost,
}

impl Stats {
    /// Nothing yet, of an interpreter and what our compiler is asked to be.
    pub fn new(python: String, dialect: Dialect) -> Stats {
        Stats {
            python,
            interpreter: None,
            dialect,
            compared: 0,
            accepted: 0,
            rejected: 0,
            known: BTreeMap::new(),
            unknown: BTreeMap::new(),
            lost: Vec::new(),
            replaced: 0,
            elapsed: Duration::ZERO,
            cost: Cost::default(),
        }
    }

    /// Cases per second.
    pub fn rate(&self) -> f64 {
        self.compared as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// How many known divergences.
    pub fn known_count(&self) -> u64 {
        self.known.values().map(|(count, _)| count).sum()
    }

    /// How many unknown divergences.
    pub fn unknown_count(&self) -> u64 {
        self.unknown.values().map(|(count, _)| count).sum()
    }

    /// Adds what came of a case.
    pub fn count(&mut self, case: &Case, rust: &Outcome, verdict: Verdict) {
        self.compared += 1;
        match verdict {
            Verdict::Equal if rust.accepted().is_some() => self.accepted += 1,
            Verdict::Equal => self.rejected += 1,
            Verdict::NoAnswer { why } => self.lost.push((case.clone(), why)),
            Verdict::Known(known) => self.add_known(known, 1, case.clone()),
            Verdict::Divergent(divergence) => self.add_unknown(1, divergence),
        }
    }

    fn add_known(&mut self, known: Known, times: u64, case: Case) {
        let (count, shortest) = self.known.entry(known).or_insert_with(|| (0, case.clone()));
        *count += times;
        if size(&case) < size(shortest) {
            *shortest = case;
        }
    }

    fn add_unknown(&mut self, times: u64, divergence: Box<Divergence>) {
        let signature = divergence.signature.clone();
        let (count, shortest) = self.unknown.entry(signature).or_insert_with(|| (0, divergence.clone()));
        *count += times;
        if size(&divergence.case) < size(&shortest.case) {
            *shortest = divergence;
        }
    }

    /// Adds what was found of other cases.
    pub fn add(&mut self, other: Stats) {
        self.compared += other.compared;
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.replaced += other.replaced;
        self.elapsed += other.elapsed;
        self.cost += other.cost;
        self.lost.extend(other.lost);
        for (known, (count, case)) in other.known {
            self.add_known(known, count, case);
        }
        for (count, divergence) in other.unknown.into_values() {
            self.add_unknown(count, divergence);
        }
    }
}

/// What the smallest case has the least of; of two as long as each other the same one, whichever is found first.
fn size(case: &Case) -> (usize, Vec<u8>) {
    (case.len(), case.encode())
}
