//! A divergence in words: where it begins, which function of the reference to read, which rules have to do with it.

mod functions;
mod place;
#[cfg(test)]
mod tests;
mod words;

use sre_compiler::Dialect;

pub use functions::{Function, functions};
pub use place::Place;

use crate::case::Case;
use crate::divergence::{Divergence, Stage, Verdict, first_difference};
use crate::ours::Ours;
use crate::outcome::{Oracle, Outcome};
use crate::signature;

/// What there is to say about a case. `Display` says it in words.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The case.
    pub case: Case,
    /// The version of the interpreter, if one was asked.
    pub python: Option<String>,
    /// What our compiler was asked to be.
    pub dialect: Dialect,
    /// How the outcomes compare.
    pub verdict: Verdict,
    /// Where they differ first.
    pub place: Option<Place>,
    /// The functions of the reference that make what differs, the likeliest first.
    pub functions: Vec<Function>,
    /// The rules of the dialect that matter to the case.
    pub rules: Vec<Rule>,
    /// If there is a divergence: as what our compiler does what the interpreter does.
    pub agreeing: Vec<Dialect>,
}

/// A rule of the dialect that matters to a case: turned over, it changes our outcome.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Its name in the table of dialects.
    pub name: &'static str,
    /// What changes first.
    pub stage: Stage,
    /// How: as the signature of a divergence says it, with the rule turned over for ours as it is.
    pub change: String,
    /// Turned over, our outcome is the interpreter's, which it is not now.
    pub is_suspect: bool,
}

impl Explanation {
    /// The dialect of the interpreter itself, whatever our compiler was asked to be.
    pub fn reference(&self) -> Dialect {
        self.python.as_deref().and_then(|python| python.parse().ok()).unwrap_or(self.dialect)
    }
}

/// Explains how the outcomes of a case compare.
pub fn explain(case: &Case, python: Option<String>, dialect: Dialect, verdict: Verdict) -> Explanation {
    let divergence = match &verdict {
        Verdict::Different(divergence) => Some(divergence.as_ref()),
        _ => None,
    };
    let theirs = divergence.map(|divergence| &divergence.theirs);
    let place = divergence.and_then(place::find);
    let agreeing = theirs.map_or(Vec::new(), |theirs| {
        let agrees = |dialect: &Dialect| first_difference(&outcome(case, *dialect), theirs).is_none();
        Dialect::all().filter(agrees).collect()
    });
    Explanation {
        functions: divergence.map_or(Vec::new(), |divergence| {
            functions(divergence.stage, &detail(divergence, place.as_ref()))
        }),
        rules: rules(case, dialect, theirs),
        case: case.clone(),
        python,
        dialect,
        place,
        agreeing,
        verdict,
    }
}

fn outcome(case: &Case, dialect: Dialect) -> Outcome {
    let mut ours = Ours::new(dialect);
    ours.set_debug(true);
    ours.outcome(case)
}

fn rules(case: &Case, dialect: Dialect, theirs: Option<&Outcome>) -> Vec<Rule> {
    let ours = outcome(case, dialect);
    let rule = |(name, flipped): (&'static str, Dialect)| {
        let turned_over = outcome(case, flipped);
        let stage = first_difference(&turned_over, &ours)?;
        let dis = |outcome: &Outcome| outcome.accepted().and_then(|accepted| accepted.dis.clone());
        let only_numbers = stage == Stage::Code && dis(&ours) == dis(&turned_over);
        let change = match only_numbers {
            true => "code: other numbers for the same instructions".to_owned(),
            false => signature::of(stage, dialect, &turned_over, &ours),
        };
        let is_suspect = theirs.is_some_and(|theirs| first_difference(&turned_over, theirs).is_none());
        // What renumbers every pattern's opcodes has nothing to do with this one.
        if only_numbers && !is_suspect {
            return None;
        }
        Some(Rule { name, stage, change, is_suspect })
    };
    dialect.flipped().into_iter().filter_map(rule).collect()
}

/// What tells which function it is.
fn detail(divergence: &Divergence, place: Option<&Place>) -> String {
    let (ours, theirs) = (&divergence.ours, &divergence.theirs);
    match divergence.stage {
        Stage::Error => match (theirs, ours) {
            (Outcome::Rejected(rejected), _) | (_, Outcome::Rejected(rejected)) => {
                rejected.message.to_string()
            }
            _ => String::new(),
        },
        Stage::Warning => {
            let (ours, theirs) = (ours.warnings(), theirs.warnings());
            let at = ours.iter().zip(theirs).position(|(ours, theirs)| ours != theirs);
            let at = at.unwrap_or(ours.len().min(theirs.len()));
            theirs.get(at).or(ours.get(at)).map_or(String::new(), |warning| warning.text.to_string())
        }
        _ => place.map_or(String::new(), |place| place.word().to_owned()),
    }
}
