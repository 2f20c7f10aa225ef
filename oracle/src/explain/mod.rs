//! Explaining a divergence: where it begins, which function of CPython produces it, and which rules
//! of the dialect are involved.

mod display;
mod functions;
mod locate;
#[cfg(test)]
mod tests;

use sre_compiler::Dialect;

pub use functions::{Function, functions};
pub use locate::Place;

use crate::rust_compiler::RustCompiler;
use crate::signature;
use crate::{
    divergence::Aspect, divergence::Dialects, divergence::Divergence, divergence::Verdict,
    divergence::first_difference,
};
use sre_case::Case;
use sre_case::wire::InterpreterInfo;
use sre_case::{Oracle, Outcome, Rejected};

/// The explanation of a case, as data and, by `Display`, as text.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The case.
    pub case: Case,
    /// The version of the interpreter, if one was asked.
    pub python: Option<String>,
    /// The dialect of sre-compiler.
    pub dialect: Dialect,
    /// The dialect of the interpreter, or the nearest one; that of sre-compiler, if none was asked.
    pub reference: Dialect,
    /// Whether the interpreter has no dialect of its own.
    pub is_nearest: bool,
    /// How the outcomes compare.
    pub verdict: Verdict,
    /// The error of sre-compiler, if it rejects the case.
    pub rejected: Option<Rejected>,
    /// The first difference.
    pub place: Option<Place>,
    /// The functions of CPython that produce what differs, the most likely first.
    pub functions: Vec<Function>,
    /// The rules of the dialect that affect the case.
    pub rules: Vec<Rule>,
    /// If there is a divergence: the dialects for which sre-compiler gives CPython's outcome.
    pub agreeing: Vec<Dialect>,
}

/// A rule of the dialect that affects a case: flipping it changes the outcome of sre-compiler.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Its name in the table of dialects.
    pub name: &'static str,
    /// The first aspect that changes.
    pub aspect: Aspect,
    /// The change as a signature: the outcome with the flipped rule compared with the one without.
    pub change: String,
    /// Whether flipping it gives the interpreter's outcome, where the outcomes differ.
    pub is_suspect: bool,
}

/// Explains how the outcomes of a case compare.
pub fn explain(
    case: &Case,
    python: Option<&InterpreterInfo>,
    dialect: Dialect,
    verdict: Verdict,
) -> Explanation {
    let divergence = match &verdict {
        Verdict::Divergent(divergence) => Some(divergence.as_ref()),
        _ => None,
    };
    let reference = python.map_or(dialect, InterpreterInfo::nearest_dialect);
    let cpython =
        divergence.map(|divergence| CpythonOutcome { dialect: reference, outcome: &divergence.cpython });
    let place = divergence.and_then(locate::find);
    let mut trials = Trials { case, rust: RustCompiler::new(dialect) };
    let agreeing = cpython.map_or(Vec::new(), |cpython| {
        Dialect::all().filter(|&dialect| trials.agrees(dialect, None, cpython)).collect()
    });
    let rejected = match trials.outcome(dialect, false) {
        Outcome::Rejected(rejected) => Some(rejected),
        _ => None,
    };
    Explanation {
        rejected,
        functions: divergence.map_or(Vec::new(), |divergence| likely_functions(divergence, place.as_ref())),
        rules: trials.rules(dialect, cpython),
        case: case.clone(),
        python: python.map(InterpreterInfo::label),
        dialect,
        reference,
        is_nearest: python.is_some_and(|python| python.dialect().is_err()),
        place,
        agreeing,
        verdict,
    }
}

/// Returns the functions that may be at fault, the most likely first: those that produce what CPython
/// has, and the first one that produces what sre-compiler has instead. None for a panic. Then
/// follow those whose result these depend on.
pub(crate) fn candidates(divergence: &Divergence) -> (Vec<Function>, Vec<Function>) {
    let place = locate::find(divergence);
    let mut found = likely_functions(divergence, place.as_ref());
    if found == [Function::LINE_AND_COLUMN] {
        return (found, Vec::new());
    }
    let other = functions(divergence.aspect, &rust_detail(divergence, place.as_ref()));
    found.extend(other.first().copied());
    (found, preceding_functions(divergence, place.as_ref()))
}

/// Returns the functions that decide whether the one that produces a difference is called.
fn preceding_functions(divergence: &Divergence, place: Option<&Place>) -> Vec<Function> {
    match (divergence.aspect, &divergence.rust, &divergence.cpython) {
        // Both read the pattern up to the same error: its text or position is another one.
        (Aspect::Error, Outcome::Rejected(rust), Outcome::Rejected(cpython))
            if signature::same_kind(rust, cpython) =>
        {
            Vec::new()
        }
        (Aspect::Error | Aspect::Tree, ..) => vec![Function::PARSE],
        (Aspect::Code, ..) => place.map_or(Vec::new(), |place| {
            let mut found = Vec::new();
            // `_compile_info` looks for a prefix or a set only if the width is not 0.
            if place.is_in_one_info() {
                found.extend([Function::INFO, Function::WIDTH]);
            }
            // The flags decide whether an instruction ignores case.
            if place.ignores_case_on_one_side() {
                found.push(Function::FLAGS);
            }
            found
        }),
        _ => Vec::new(),
    }
}

/// The interpreter's outcome.
#[derive(Clone, Copy)]
struct CpythonOutcome<'o> {
    dialect: Dialect,
    outcome: &'o Outcome,
}

/// Length in characters above which rules that only change the texts of `re.DEBUG`, or whether
/// `_sre` accepts the code, are not searched for, since that takes several times as long.
const LONG: usize = 100_000;

/// Outcomes of sre-compiler for a case, for several dialects.
struct Trials<'c> {
    case: &'c Case,
    rust: RustCompiler,
}

impl Trials<'_> {
    fn outcome(&mut self, dialect: Dialect, debug: bool) -> Outcome {
        self.rust.set_dialect(dialect);
        self.rust.set_debug(debug);
        self.rust.outcome(self.case)
    }

    /// Returns whether the outcome for a dialect is CPython's. `known` is that outcome without the
    /// texts of `re.DEBUG`, which are only computed if all else is equal.
    fn agrees(&mut self, dialect: Dialect, known: Option<&Outcome>, cpython: CpythonOutcome<'_>) -> bool {
        let dialects = Dialects { rust: dialect, cpython: cpython.dialect };
        let differs = |rust: &Outcome| first_difference(dialects, rust, cpython.outcome).is_some();
        let differs_in_short = match known {
            Some(known) => differs(known),
            None => differs(&self.outcome(dialect, false)),
        };
        !differs_in_short && !differs(&self.outcome(dialect, true))
    }

    /// Returns the rules that change the outcome of sre-compiler.
    fn rules(&mut self, dialect: Dialect, cpython: Option<CpythonOutcome<'_>>) -> Vec<Rule> {
        let short = self.outcome(dialect, false);
        let mut full = None;
        let mut rules = Vec::new();
        for (name, flipped) in dialect.flipped() {
            // The numbers of opcodes do not depend on the pattern.
            if !flipped.numbers_opcodes_as(dialect) {
                continue;
            }
            let dialects = Dialects { rust: flipped, cpython: dialect };
            let flipped_outcome = self.outcome(flipped, false);
            if first_difference(dialects, &flipped_outcome, &short).is_none() && self.case.len() > LONG {
                continue;
            }
            let is_suspect =
                cpython.is_some_and(|cpython| self.agrees(flipped, Some(&flipped_outcome), cpython));
            let flipped_outcome = self.outcome(flipped, true);
            let full = full.get_or_insert_with(|| self.outcome(dialect, true));
            if let Some(aspect) = first_difference(dialects, &flipped_outcome, full) {
                let change = signature::of(aspect, dialects, &flipped_outcome, full);
                rules.push(Rule { name, aspect, change, is_suspect });
            }
        }
        rules
    }
}

/// Returns the functions of CPython that produce what differs, the most likely first.
fn likely_functions(divergence: &Divergence, place: Option<&Place>) -> Vec<Function> {
    if let (Outcome::Rejected(rust), Outcome::Rejected(cpython)) = (&divergence.rust, &divergence.cpython) {
        let is_same =
            (&rust.exception, &rust.message, rust.pos) == (&cpython.exception, &cpython.message, cpython.pos);
        if divergence.aspect == Aspect::Error && is_same {
            return vec![Function::LINE_AND_COLUMN];
        }
    }
    functions(divergence.aspect, &detail(divergence, place))
}

/// Returns the text by which [`mod@functions`] looks up functions: that of CPython's side, if it has one.
fn detail(divergence: &Divergence, place: Option<&Place>) -> String {
    let sides = [&divergence.cpython, &divergence.rust];
    let lines = place.map_or(["", ""], Place::words);
    let in_info = place.and_then(Place::word_of_both).map(str::to_owned);
    in_info.unwrap_or_else(|| detail_of(divergence, sides, lines))
}

/// Returns the same for the side of sre-compiler.
fn rust_detail(divergence: &Divergence, place: Option<&Place>) -> String {
    let sides = [&divergence.rust, &divergence.cpython];
    let [cpython, rust] = place.map_or(["", ""], Place::words);
    let in_info = place.and_then(Place::word_of_both).map(str::to_owned);
    in_info.unwrap_or_else(|| detail_of(divergence, sides, [rust, cpython]))
}

/// Returns the detail of the first of two sides that has one, given their first words at the place.
fn detail_of(divergence: &Divergence, sides: [&Outcome; 2], words: [&str; 2]) -> String {
    let first = |details: [Option<String>; 2]| details.into_iter().flatten().next().unwrap_or_default();
    match divergence.aspect {
        Aspect::Error => first(sides.map(|side| match side {
            Outcome::Rejected(rejected) => Some(rejected.message.to_string()),
            _ => None,
        })),
        Aspect::Warning => {
            let (one, other) = (sides[0].warnings(), sides[1].warnings());
            let at = one.iter().zip(other).position(|(one, other)| one != other);
            let at = at.unwrap_or(one.len().min(other.len()));
            first([one, other].map(|list| list.get(at).map(|warning| warning.text.to_string())))
        }
        _ => words.into_iter().find(|word| !word.is_empty()).unwrap_or_default().to_owned(),
    }
}
