//! A divergence in words: where it begins, which function of the reference to read, which rules have to do with it.

mod functions;
mod place;
#[cfg(test)]
mod tests;
mod words;

use sre_compiler::Dialect;

pub use functions::{Function, functions};
pub use place::Place;

use crate::ours::Ours;
use crate::signature;
use crate::{
    divergence::Dialects, divergence::Divergence, divergence::Stage, divergence::Verdict,
    divergence::first_difference,
};
use sre_case::Case;
use sre_case::wire::Hello;
use sre_case::{Oracle, Outcome};

/// What there is to say about a case. `Display` says it in words.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The case.
    pub case: Case,
    /// The version of the interpreter, if one was asked.
    pub python: Option<String>,
    /// What our compiler was asked to be.
    pub dialect: Dialect,
    /// The dialect of the interpreter itself; ours, if none was asked.
    pub reference: Dialect,
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

/// Explains how the outcomes of a case compare.
pub fn explain(case: &Case, python: Option<&Hello>, dialect: Dialect, verdict: Verdict) -> Explanation {
    let divergence = match &verdict {
        Verdict::Different(divergence) => Some(divergence.as_ref()),
        _ => None,
    };
    let reference = python.and_then(|python| python.dialect().ok()).unwrap_or(dialect);
    let theirs = divergence.map(|divergence| Theirs { dialect: reference, outcome: &divergence.theirs });
    let place = divergence.and_then(place::find);
    let mut trials = Trials { case, ours: Ours::new(dialect) };
    let agreeing = theirs.map_or(Vec::new(), |theirs| {
        Dialect::all().filter(|&dialect| trials.agrees(dialect, None, theirs)).collect()
    });
    Explanation {
        functions: divergence.map_or(Vec::new(), |divergence| {
            functions(divergence.stage, &detail(divergence, place.as_ref()))
        }),
        rules: trials.rules(dialect, theirs),
        case: case.clone(),
        python: python.map(Hello::label),
        dialect,
        reference,
        place,
        agreeing,
        verdict,
    }
}

/// The interpreter's outcome.
#[derive(Clone, Copy)]
struct Theirs<'o> {
    dialect: Dialect,
    outcome: &'o Outcome,
}

/// In a longer pattern, in characters, rules that change nothing but the texts of `re.DEBUG` or what `_sre` takes are
/// not looked for: that takes several times as long.
const LONG: usize = 100_000;

/// Our outcomes of a case as other dialects.
struct Trials<'c> {
    case: &'c Case,
    ours: Ours,
}

impl Trials<'_> {
    fn outcome(&mut self, dialect: Dialect, debug: bool) -> Outcome {
        self.ours.set_dialect(dialect);
        self.ours.set_debug(debug);
        self.ours.outcome(self.case)
    }

    /// Whether our outcome as a dialect is theirs; `known` is that outcome without the texts of `re.DEBUG`, which
    /// are made only if all else is the same.
    fn agrees(&mut self, dialect: Dialect, known: Option<&Outcome>, theirs: Theirs<'_>) -> bool {
        let dialects = Dialects { ours: dialect, theirs: theirs.dialect };
        let differs = |ours: &Outcome| first_difference(dialects, ours, theirs.outcome).is_some();
        let differs_in_short = match known {
            Some(known) => differs(known),
            None => differs(&self.outcome(dialect, false)),
        };
        !differs_in_short && !differs(&self.outcome(dialect, true))
    }

    /// The rules that change our outcome.
    fn rules(&mut self, dialect: Dialect, theirs: Option<Theirs<'_>>) -> Vec<Rule> {
        let short = self.outcome(dialect, false);
        let mut full = None;
        let mut rules = Vec::new();
        for (name, flipped) in dialect.flipped() {
            // Other numbers for the same opcodes have nothing to do with this pattern.
            if !flipped.numbers_opcodes_as(dialect) {
                continue;
            }
            let dialects = Dialects { ours: flipped, theirs: dialect };
            let turned_over = self.outcome(flipped, false);
            if first_difference(dialects, &turned_over, &short).is_none() && self.case.len() > LONG {
                continue;
            }
            let is_suspect = theirs.is_some_and(|theirs| self.agrees(flipped, Some(&turned_over), theirs));
            let turned_over = self.outcome(flipped, true);
            let full = full.get_or_insert_with(|| self.outcome(dialect, true));
            if let Some(stage) = first_difference(dialects, &turned_over, full) {
                let change = signature::of(stage, dialects, &turned_over, full);
                rules.push(Rule { name, stage, change, is_suspect });
            }
        }
        rules
    }
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
