//! What a comparison found, for programs: written, and read back to be added up.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sre_case::{Case, Cost, Outcome, wire};

use crate::divergence::{Dialects, Divergence, first_difference};
use crate::known::Known;
use crate::tally::Tally;

/// A [`Tally`] as an object.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct Findings {
    python: String,
    dialect: String,
    compared: u64,
    accepted: u64,
    rejected: u64,
    known: Vec<KnownFinding>,
    unknown: Vec<Finding>,
    lost: Vec<Lost>,
    replaced: usize,
    seconds: f64,
    cost: StoredCost,
}

/// In seconds of the processor.
#[derive(Clone, Serialize, Deserialize, Debug)]
struct StoredCost {
    reference: f64,
    everything: f64,
    /// For those who read it.
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
    stage: String,
    count: u64,
    case: Box<RawValue>,
    /// The case that it was made small from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    found_as: Option<Box<RawValue>>,
    /// What `--pythons` takes for the interpreter, where it was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    interpreter: Option<String>,
    ours: Box<RawValue>,
    theirs: Box<RawValue>,
}

#[derive(Clone, Serialize, Deserialize, Debug)]
struct Lost {
    case: Box<RawValue>,
    why: String,
}

/// Why an object is no tally.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadFindings(String);

impl fmt::Display for BadFindings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadFindings {}

impl From<&Tally> for Findings {
    fn from(tally: &Tally) -> Findings {
        let known = tally.known.iter().map(|(known, (count, case))| KnownFinding {
            name: known.name().to_owned(),
            count: *count,
            case: write_case(case),
        });
        let lost = tally.lost.iter().map(|(case, why)| Lost { case: write_case(case), why: why.clone() });
        Findings {
            python: tally.python.clone(),
            dialect: tally.dialect.to_string(),
            compared: tally.compared,
            accepted: tally.accepted,
            rejected: tally.rejected,
            known: known.collect(),
            unknown: tally.unknown.values().map(|(count, divergence)| finding(*count, divergence)).collect(),
            lost: lost.collect(),
            replaced: tally.replaced,
            seconds: tally.elapsed.as_secs_f64(),
            cost: StoredCost {
                reference: tally.cost.reference.as_secs_f64(),
                everything: tally.cost.everything.as_secs_f64(),
                reference_share: tally.cost.share(),
                overhead: tally.cost.overhead(),
            },
        }
    }
}

fn finding(count: u64, divergence: &Divergence) -> Finding {
    Finding {
        signature: divergence.signature.clone(),
        stage: divergence.stage.name().to_owned(),
        count,
        case: write_case(&divergence.case),
        found_as: divergence.found_as.as_ref().map(write_case),
        interpreter: divergence.interpreter.clone(),
        ours: write_outcome(&divergence.ours),
        theirs: write_outcome(&divergence.theirs),
    }
}

impl TryFrom<Findings> for Tally {
    type Error = BadFindings;

    fn try_from(findings: Findings) -> Result<Tally, BadFindings> {
        let bad = |why: &str| BadFindings(why.to_owned());
        let dialect = findings.dialect.parse().map_err(|_| bad("a dialect that is not known"))?;
        // Before its release a version says what it is after a space.
        let version = findings.python.split(' ').next().unwrap_or_default();
        let dialects = Dialects { ours: dialect, theirs: version.parse().unwrap_or(dialect) };
        let mut tally = Tally::new(findings.python, dialect);
        tally.compared = findings.compared;
        tally.accepted = findings.accepted;
        tally.rejected = findings.rejected;
        tally.replaced = findings.replaced;
        let time = |seconds| {
            Duration::try_from_secs_f64(seconds).map_err(|_| bad("seconds that are no length of time"))
        };
        tally.elapsed = time(findings.seconds)?;
        let StoredCost { reference, everything, .. } = findings.cost;
        tally.cost = Cost { reference: time(reference)?, everything: time(everything)? };
        for KnownFinding { name, count, case } in findings.known {
            let known = Known::ALL.into_iter().find(|known| known.name() == name);
            let known = known.ok_or_else(|| bad("a divergence that is not known"))?;
            tally.known.insert(known, (count, read_case(&case)?));
        }
        for finding in findings.unknown {
            let (ours, theirs) = (read_outcome(&finding.ours)?, read_outcome(&finding.theirs)?);
            let divergence = Divergence {
                case: read_case(&finding.case)?,
                found_as: finding.found_as.as_deref().map(read_case).transpose()?,
                python: tally.python.clone(),
                interpreter: finding.interpreter,
                dialects,
                stage: first_difference(dialects, &ours, &theirs)
                    .ok_or_else(|| bad("a divergence without one"))?,
                signature: finding.signature,
                ours,
                theirs,
            };
            tally.unknown.insert(divergence.signature.clone(), (finding.count, Box::new(divergence)));
        }
        for Lost { case, why } in findings.lost {
            tally.lost.push((read_case(&case)?, why));
        }
        Ok(tally)
    }
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

fn read_case(object: &RawValue) -> Result<Case, BadFindings> {
    let request = wire::parse_request(object.get().as_bytes());
    Ok(request.map_err(|error| BadFindings(error.to_string()))?.case)
}

fn read_outcome(object: &RawValue) -> Result<Outcome, BadFindings> {
    wire::parse_outcome(object.get().as_bytes()).map_err(|error| BadFindings(error.to_string()))
}

#[cfg(test)]
mod tests {
    use sre_compiler::{Dialect, Flags};

    use super::*;
    use crate::ours::Ours;
    use crate::{divergence::Verdict, divergence::judge};
    use sre_case::Oracle;
    use sre_case::wire::Hello;

    #[test]
    fn what_is_written_is_read_back() {
        let hello = Hello::of_python_3_10();
        let (theirs, ours) = (hello.dialect().unwrap(), Dialect::latest_patch(3, 11).unwrap());
        let mut tally = Tally::new(hello.label(), ours);
        for pattern in ["a", "a*+", "(?>a)", "a|(?i)b"] {
            let case = Case::str(pattern, Flags::empty());
            let (ours_of, theirs_of) = (Ours::new(ours).outcome(&case), Ours::new(theirs).outcome(&case));
            tally.count(&case, &ours_of, judge(&case, &hello, ours, &ours_of, &theirs_of));
        }
        tally.count(
            &Case::bytes(b"\xff", Flags::empty()),
            &Outcome::Lost { why: String::new() },
            Verdict::Lost { why: "it died".to_owned() },
        );
        tally.cost = Cost { reference: Duration::from_secs(2), everything: Duration::from_secs(3) };
        assert!(tally.unknown.len() > 1 && tally.lost.len() == 1);
        let text = serde_json::to_string(&Findings::from(&tally)).unwrap();
        let read = Tally::try_from(serde_json::from_str::<Findings>(&text).unwrap()).unwrap();
        assert_eq!(format!("{read:?}"), format!("{tally:?}"));
    }
}
