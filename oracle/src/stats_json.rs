//! [`Stats`] as JSON, which is also read back, so that those of several runs can be added.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sre_case::{Case, Cost, Outcome, nearest_dialect, version_of_label, wire};
use sre_compiler::Dialect;

use crate::divergence::{Dialects, Divergence, TestedPython, first_difference};
use crate::known::Known;
use crate::stats::Stats;

/// A [`Stats`] as an object.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct StatsJson {
    python: String,
    dialect: String,
    compared: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    implied: u64,
    accepted: u64,
    rejected: u64,
    known: Vec<KnownFinding>,
    unknown: Vec<Finding>,
    /// By reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    expected: BTreeMap<String, u64>,
    lost: Vec<Lost>,
    replaced: usize,
    seconds: f64,
    cost: StoredCost,
}

/// Processor time in seconds.
#[derive(Clone, Serialize, Deserialize, Debug)]
struct StoredCost {
    reference: f64,
    everything: f64,
    /// For readers; computed from the others.
    #[serde(default, skip_deserializing)]
    reference_share: Option<f64>,
    #[serde(default, skip_deserializing)]
    overhead: Option<f64>,
}

#[derive(Clone, Serialize, Deserialize, Debug)]
struct KnownFinding {
    name: String,
    count: u64,
    case: Box<RawValue>,
}

#[derive(Clone, Serialize, Deserialize, Debug)]
struct Finding {
    signature: String,
    #[serde(alias = "stage")]
    aspect: String,
    count: u64,
    case: Box<RawValue>,
    /// The case before minimizing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    found_as: Option<Box<RawValue>>,
    /// The argument of `--pythons` for the interpreter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    interpreter: Option<String>,
    /// The interpreter whose outcome is `rust`, if two interpreters were compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    against: Option<TestedPython>,
    /// Whether the interpreter has no dialect.
    #[serde(default, skip_serializing_if = "is_false")]
    without_dialect: bool,
    #[serde(alias = "ours")]
    rust: Box<RawValue>,
    #[serde(alias = "theirs")]
    cpython: Box<RawValue>,
}

#[derive(Clone, Serialize, Deserialize, Debug)]
struct Lost {
    case: Box<RawValue>,
    why: String,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Why an object is not valid statistics.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadStats(String);

impl fmt::Display for BadStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadStats {}

impl From<Stats> for StatsJson {
    fn from(stats: Stats) -> StatsJson {
        StatsJson::from(&stats)
    }
}

impl From<&Stats> for StatsJson {
    fn from(stats: &Stats) -> StatsJson {
        let known = stats.known.iter().map(|(known, (count, case))| KnownFinding {
            name: known.name().to_owned(),
            count: *count,
            case: write_case(case),
        });
        let lost = stats.lost.iter().map(|(case, why)| Lost { case: write_case(case), why: why.clone() });
        StatsJson {
            python: stats.python.clone(),
            dialect: stats.dialect.to_string(),
            compared: stats.compared,
            implied: stats.implied,
            accepted: stats.accepted,
            rejected: stats.rejected,
            known: known.collect(),
            unknown: stats.unknown.values().map(|(count, divergence)| finding(*count, divergence)).collect(),
            expected: stats.expected.clone(),
            lost: lost.collect(),
            replaced: stats.replaced,
            seconds: stats.elapsed.as_secs_f64(),
            cost: StoredCost {
                reference: stats.cost.reference.as_secs_f64(),
                everything: stats.cost.everything.as_secs_f64(),
                reference_share: stats.cost.share(),
                overhead: stats.cost.overhead(),
            },
        }
    }
}

fn finding(count: u64, divergence: &Divergence) -> Finding {
    Finding {
        signature: divergence.signature.clone(),
        aspect: divergence.aspect.name().to_owned(),
        count,
        case: write_case(&divergence.case),
        found_as: divergence.found_as.as_ref().map(write_case),
        interpreter: divergence.interpreter.clone(),
        against: divergence.tested.clone(),
        without_dialect: divergence.is_nearest,
        rust: write_outcome(&divergence.rust),
        cpython: write_outcome(&divergence.cpython),
    }
}

impl TryFrom<StatsJson> for Stats {
    type Error = BadStats;

    fn try_from(findings: StatsJson) -> Result<Stats, BadStats> {
        let bad = |why: &str| BadStats(why.to_owned());
        let dialect = findings.dialect.parse().map_err(|_| bad("unknown dialect"))?;
        let dialects = Dialects { rust: dialect, cpython: dialect_of(&findings.python).unwrap_or(dialect) };
        let mut stats = Stats::new(findings.python, dialect);
        stats.compared = findings.compared;
        stats.implied = findings.implied;
        stats.accepted = findings.accepted;
        stats.rejected = findings.rejected;
        stats.replaced = findings.replaced;
        stats.expected = findings.expected;
        let time = |seconds| Duration::try_from_secs_f64(seconds).map_err(|_| bad("not a number of seconds"));
        stats.elapsed = time(findings.seconds)?;
        let StoredCost { reference, everything, .. } = findings.cost;
        stats.cost = Cost { reference: time(reference)?, everything: time(everything)? };
        for KnownFinding { name, count, case } in findings.known {
            let known = Known::ALL.into_iter().find(|known| known.name() == name);
            let known = known.ok_or_else(|| bad("unknown name of a known divergence"))?;
            stats.known.insert(known, (count, read_case(&case)?));
        }
        for finding in findings.unknown {
            let (rust, cpython) = (read_outcome(&finding.rust)?, read_outcome(&finding.cpython)?);
            let divergence = Divergence {
                case: read_case(&finding.case)?,
                found_as: finding.found_as.as_deref().map(read_case).transpose()?,
                python: stats.python.clone(),
                interpreter: finding.interpreter,
                tested: finding.against,
                dialects,
                is_nearest: finding.without_dialect,
                aspect: first_difference(dialects, &rust, &cpython)
                    .ok_or_else(|| bad("a divergence without a difference"))?,
                signature: finding.signature,
                rust,
                cpython,
            };
            stats.unknown.insert(divergence.signature.clone(), (finding.count, Box::new(divergence)));
        }
        for Lost { case, why } in findings.lost {
            stats.lost.push((read_case(&case)?, why));
        }
        Ok(stats)
    }
}

/// Returns the dialect that is nearest to an interpreter, by its label.
fn dialect_of(label: &str) -> Option<Dialect> {
    version_of_label(label).map(nearest_dialect)
}

fn write_case(case: &Case) -> Box<RawValue> {
    let mut object = Vec::new();
    wire::write_request(&mut object, case, false);
    raw(object)
}

fn write_outcome(outcome: &Outcome) -> Box<RawValue> {
    let mut object = Vec::new();
    wire::write_outcome(&mut object, outcome);
    raw(object)
}

fn raw(object: Vec<u8>) -> Box<RawValue> {
    String::from_utf8(object).ok().and_then(|object| RawValue::from_string(object).ok()).unwrap_or_default()
}

fn read_case(object: &RawValue) -> Result<Case, BadStats> {
    let request = wire::parse_request(object.get().as_bytes());
    Ok(request.map_err(|error| BadStats(error.to_string()))?.case)
}

fn read_outcome(object: &RawValue) -> Result<Outcome, BadStats> {
    wire::parse_outcome(object.get().as_bytes()).map_err(|error| BadStats(error.to_string()))
}

#[cfg(test)]
mod tests {
    use sre_compiler::Flags;

    use super::*;
    use crate::rust_compiler::RustCompiler;
    use crate::{divergence::Verdict, divergence::compare};
    use sre_case::Oracle;
    use sre_case::wire::InterpreterInfo;

    #[test]
    fn stats_round_trip_through_json() {
        let info = InterpreterInfo::of_python_3_10();
        let (cpython, rust) = (info.dialect().unwrap(), Dialect::latest_patch(3, 11).unwrap());
        let mut stats = Stats::new(info.label(), rust);
        for pattern in ["a", "a*+", "(?>a)", "a|(?i)b"] {
            let case = Case::str(pattern, Flags::empty());
            let outcome = |dialect| RustCompiler::new(dialect).outcome(&case);
            let (newer, older) = (outcome(rust), outcome(cpython));
            stats.count(&case, &newer, compare(&case, &info, rust, &newer, &older));
        }
        stats.count(
            &Case::bytes(b"\xff", Flags::empty()),
            &Outcome::NoAnswer { why: String::new() },
            Verdict::NoAnswer { why: "it died".to_owned() },
        );
        stats.expected.insert("a branch".to_owned(), 3);
        stats.implied = 2;
        stats.cost = Cost { reference: Duration::from_secs(2), everything: Duration::from_secs(3) };
        assert!(stats.unknown.len() > 1 && stats.lost.len() == 1);
        let text = serde_json::to_string(&StatsJson::from(&stats)).unwrap();
        let read = Stats::try_from(serde_json::from_str::<StatsJson>(&text).unwrap()).unwrap();
        assert_eq!(format!("{read:?}"), format!("{stats:?}"));
    }
}
