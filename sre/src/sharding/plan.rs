//! `--plan`: how many shards of a given length a job has.

use std::io::Write;
use std::time::Duration;

use anyhow::Result;
use serde_json::json;
use sre_oracle::shards::Job;
use sre_support::count;
use sre_support::visible::Shown;

use crate::messages::stdout;
use crate::options::Format;
use crate::run_facts::command;
use crate::status::Status;

/// The plan of a job.
pub(crate) struct Plan {
    pub job: Job,
    /// The wanted length of a shard.
    length: Duration,
    /// For each interpreter its name, its identity and the time of a unit.
    parts: Vec<(String, String, Duration)>,
}

impl Plan {
    pub(crate) fn new(job: Job, length: Duration) -> Plan {
        Plan { job, length, parts: Vec::new() }
    }

    /// Adds an interpreter, with the time that a unit takes in the mean.
    pub(crate) fn add(&mut self, name: String, identity: String, each: Duration) {
        self.parts.push((name, identity, each));
    }

    /// Returns the time of the whole job, in seconds.
    fn seconds(&self) -> f64 {
        self.parts.iter().map(|(.., each)| each.as_secs_f64() * self.job.units as f64).sum()
    }

    fn shards(&self) -> u64 {
        let shards = (self.seconds() / self.length.as_secs_f64()).ceil() as u64;
        shards.clamp(1, self.job.units.max(1))
    }

    /// Prints the plan.
    pub(crate) fn print(&self, format: Format) -> Result<Status> {
        let (shards, seconds) = (self.shards(), self.seconds());
        let mut out = stdout();
        if format == Format::Json {
            let parts = self.parts.iter().map(|(name, identity, each)| {
                json!({ "name": name, "identity": identity, "seconds_each": each.as_secs_f64() })
            });
            let plan = json!({
                "shards": shards, "seconds": seconds / shards as f64, "seconds_in_all": seconds,
                "job": self.job, "parts": parts.collect::<Vec<_>>(),
            });
            writeln!(out, "{plan:#}")?;
            return Ok(out.flush().map(|()| Status::Same)?);
        }
        let length = seconds / shards as f64;
        writeln!(
            out,
            "{} of about {}; the whole job takes {} on this machine",
            count(shards, "shard"),
            time(length),
            time(seconds)
        )?;
        for (name, _, each) in &self.parts {
            let name = if name.is_empty() { String::new() } else { format!("{}: ", name.shown()) };
            let rate = 1.0 / each.as_secs_f64().max(1e-9);
            writeln!(out, "  {name}{} at {rate:.0}/s", count(self.job.units, &self.job.unit))?;
        }
        let last = shards - 1;
        if last == 0 {
            return Ok(out.flush().map(|()| Status::Same)?);
        }
        writeln!(out, "Run each of the shards, 0/{shards} to {last}/{shards}, then merge their states:")?;
        writeln!(out, "  {} --shard 0/{shards} --state 0.json", without_plan(&command()))?;
        writeln!(out, "  sre merge *.json")?;
        Ok(out.flush().map(|()| Status::Same)?)
    }
}

/// Removes `--plan` and its value from a command line.
fn without_plan(command: &str) -> String {
    let mut words = command.split(' ');
    let mut kept = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "--plan" => drop(words.next()),
            _ if word.starts_with("--plan=") => {}
            _ => kept.push(word),
        }
    }
    kept.join(" ")
}

/// `40 s`, `12 min`, `3.5 h`
fn time(seconds: f64) -> String {
    match seconds {
        ..120.0 => format!("{seconds:.0} s"),
        ..7200.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(units: u64, each: f64, length: f64) -> Plan {
        let job = crate::sharding::job("exhaustive", units, "case", &[]);
        let mut plan = Plan::new(job, Duration::from_secs_f64(length));
        plan.add("3.13.0".to_owned(), "a".to_owned(), Duration::from_secs_f64(each));
        plan
    }

    #[test]
    fn a_job_is_divided_by_its_length_but_not_beyond_its_units() {
        assert_eq!(plan(1000, 0.01, 5.0).shards(), 2);
        assert_eq!(plan(1001, 0.01, 5.0).shards(), 3);
        assert_eq!(plan(1000, 0.01, 60.0).shards(), 1);
        assert_eq!(plan(3, 1.0, 0.1).shards(), 3);
        assert_eq!(plan(0, 1.0, 0.1).shards(), 1);
    }

    #[test]
    fn the_command_of_a_shard_does_not_plan() {
        assert_eq!(without_plan("sre compare --plan 60 --jsonl x"), "sre compare --jsonl x");
        assert_eq!(without_plan("sre compare --jsonl x --plan=60"), "sre compare --jsonl x");
    }
}
