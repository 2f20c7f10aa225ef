//! The results of comparing many cases.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sre_case::{Case, Cost, Outcome};
use sre_compiler::Dialect;

use crate::cause::{Candidates, Cause};
use crate::crash::is_crash;
use crate::divergence::{Divergence, Verdict};
use crate::known::Known;
use crate::stats_json::StatsJson;

/// Statistics of a comparison with one interpreter. In JSON, [`StatsJson`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "StatsJson", into = "StatsJson")]
pub struct Stats {
    /// The version of the interpreter.
    pub python: String,
    /// The argument of `--pythons` for it, if it took part in this run.
    pub interpreter: Option<String>,
    /// The dialect of sre-compiler.
    pub dialect: Dialect,
    /// Number of compared cases.
    pub compared: u64,
    /// Number of compared cases for which the interpreter was not asked, since its answer to another
    /// case implies that to this one: see [`sweep`](crate::sweep).
    pub implied: u64,
    /// Number of cases that both sides accept, with equal outcomes.
    pub accepted: u64,
    /// Number of cases that both sides reject, with equal outcomes.
    pub rejected: u64,
    /// The known divergences, with the shortest case of each.
    pub known: BTreeMap<Known, (u64, Case)>,
    /// The unknown divergences by signature, with the one of the shortest case.
    pub unknown: BTreeMap<String, (u64, Box<Divergence>)>,
    /// The number of divergences that were expected, by reason: see [`Expected`](crate::Expected).
    pub expected: BTreeMap<String, u64>,
    /// The possible causes of unknown divergences by signature, if they were determined.
    pub causes: BTreeMap<String, Candidates<Cause>>,
    /// The cases for which the interpreter gave no outcome, with the reason.
    pub lost: Vec<(Case, String)>,
    /// Number of times that the interpreter's process was replaced.
    pub replaced: usize,
    /// Elapsed time.
    pub elapsed: Duration,
    /// Processor time.
    pub cost: Cost,
}

impl Stats {
    /// Creates empty statistics for an interpreter and a dialect.
    pub fn new(python: String, dialect: Dialect) -> Stats {
        Stats {
            python,
            interpreter: None,
            dialect,
            compared: 0,
            implied: 0,
            accepted: 0,
            rejected: 0,
            known: BTreeMap::new(),
            unknown: BTreeMap::new(),
            expected: BTreeMap::new(),
            causes: BTreeMap::new(),
            lost: Vec::new(),
            replaced: 0,
            elapsed: Duration::ZERO,
            cost: Cost::default(),
        }
    }

    /// Returns the number of cases per second.
    pub fn rate(&self) -> f64 {
        self.compared as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// Returns the number of known divergences.
    pub fn known_count(&self) -> u64 {
        self.known.values().map(|(count, _)| count).sum()
    }

    /// Returns the number of unknown divergences.
    pub fn unknown_count(&self) -> u64 {
        self.unknown.values().map(|(count, _)| count).sum()
    }

    /// Returns the number of divergences that were expected.
    pub fn expected_count(&self) -> u64 {
        self.expected.values().sum()
    }

    /// Returns the number of cases for which the interpreter crashed.
    pub fn crashes(&self) -> usize {
        self.lost.iter().filter(|(_, why)| is_crash(why)).count()
    }

    /// Adds the verdict on a case.
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
        if Stats::size(&case) < Stats::size(shortest) {
            *shortest = case;
        }
    }

    fn add_unknown(&mut self, times: u64, divergence: Box<Divergence>) {
        let signature = divergence.signature.clone();
        let (count, shortest) = self.unknown.entry(signature).or_insert_with(|| (0, divergence.clone()));
        *count += times;
        if Stats::size(&divergence.case) < Stats::size(&shortest.case) {
            *shortest = divergence;
        }
    }

    /// Returns the key that orders cases by size, and cases of one size by content, so that the
    /// order in which they were found does not matter.
    pub(crate) fn size(case: &Case) -> (usize, Vec<u8>) {
        (case.len(), case.encode())
    }

    /// Adds the statistics of other cases.
    pub fn add(&mut self, other: Stats) {
        self.compared += other.compared;
        self.implied += other.implied;
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.replaced += other.replaced;
        self.elapsed += other.elapsed;
        self.cost += other.cost;
        self.lost.extend(other.lost);
        self.causes.extend(other.causes);
        for (reason, count) in other.expected {
            *self.expected.entry(reason).or_default() += count;
        }
        for (known, (count, case)) in other.known {
            self.add_known(known, count, case);
        }
        for (count, divergence) in other.unknown.into_values() {
            self.add_unknown(count, divergence);
        }
    }
}
