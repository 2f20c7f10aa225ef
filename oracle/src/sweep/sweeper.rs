//! Asking an interpreter only for what its other answers do not imply.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use sre_case::wire::Reads;
use sre_case::{Case, Cost, Outcome};
use sre_support::fnv::fnv1a;

use super::alphabet::{TOKENS, VARIANTS, case, cases, empty_case};
use crate::comparator::Comparator;
use crate::divergence::Verdict;
use crate::stats::Stats;
use crate::worker::Watched;

/// The variants in the order in which they are determined, each with an earlier one of the same kind
/// whose refusal may imply its own.
const ORDER: [&[(usize, Option<usize>)]; 2] =
    [&[(0, None), (2, None), (4, None)], &[(1, Some(0)), (3, Some(0)), (5, Some(4))]];

/// Prefixes of up to this number of tokens are remembered.
const REMEMBERED: u32 = 3;

/// One of this number of implied answers is asked for all the same, to verify the inference.
const VERIFIED: u64 = 256;

const WIDTH: u64 = VARIANTS.len() as u64;

/// Compares sre-compiler with an interpreter in cases of a sweep.
pub(super) struct Sweeper {
    comparator: Comparator,
    /// The answers to short prefixes, by number.
    prefixes: HashMap<u64, Answer>,
    /// The number of the first case that is no short prefix.
    remembered: u64,
    replaced: usize,
}

/// The answer of an interpreter to a case.
#[derive(Clone)]
struct Answer {
    outcome: Arc<Outcome>,
    reads: Option<Reads>,
    is_implied: bool,
}

impl Answer {
    /// Returns whether each longer pattern gets the same answer.
    fn is_final(&self) -> bool {
        self.reads.is_some_and(|reads| !reads.end)
    }

    /// Returns whether the same pattern gets the same answer if only these flags differ.
    fn is_independent_of(&self, flags: i64) -> bool {
        self.reads.is_some_and(|reads| reads.flags & flags == 0)
    }
}

impl Sweeper {
    pub(super) fn new(comparator: Comparator) -> Sweeper {
        let remembered = cases(REMEMBERED).unwrap_or(0);
        Sweeper { comparator, prefixes: HashMap::new(), remembered, replaced: 0 }
    }

    pub(super) fn empty_stats(&self) -> Stats {
        Stats::new(self.comparator.info().label(), self.comparator.dialect())
    }

    /// Returns the interpreter's processor time, and the number of its processes that were replaced,
    /// since the last call.
    pub(super) fn take_cost(&mut self) -> (Cost, usize) {
        let replaced = self.comparator.replaced() - self.replaced;
        self.replaced += replaced;
        (self.comparator.take_cost(), replaced)
    }

    /// Compares the cases with these numbers.
    pub(super) fn compare(&mut self, range: Range<u64>, stats: &mut Stats) {
        let sequences = range.start / WIDTH..range.end.div_ceil(WIDTH);
        let answers = self.answers(sequences, Watched { end: false });
        let is_wanted =
            |number: &u64| answers.get(*number).is_some_and(|it| it.is_implied && is_verified(*number));
        let verified: Vec<u64> = range.clone().filter(is_wanted).collect();
        let cases: Vec<Case> = verified.iter().map(|&number| case(number)).collect();
        let asked = self.comparator.cpython_outcomes(&cases);
        let mut asked = verified.into_iter().zip(asked).peekable();
        for number in range {
            let Some(Answer { outcome, is_implied, .. }) = answers.get(number) else { continue };
            let case = case(number);
            let asked = asked.next_if(|(verified, _)| *verified == number).map(|(_, outcome)| outcome);
            stats.implied += u64::from(*is_implied && asked.is_none());
            if let Some(why) = asked.as_ref().and_then(|asked| contradiction(outcome, asked)) {
                stats.count(&case, outcome, Verdict::NoAnswer { why });
                continue;
            }
            let (rust, verdict) = self.comparator.judge(&case, asked.as_ref().unwrap_or(outcome));
            stats.count(&case, &rust, verdict);
        }
    }

    /// Returns the answers to all variants of some sequences.
    fn answers(&mut self, sequences: Range<u64>, watched: Watched) -> Answers {
        let prefixes =
            prefix(sequences.start).unwrap_or(0)..prefix(sequences.end - 1).map_or(0, |last| last + 1);
        let shorter = match prefixes.is_empty() {
            true => Answers::default(),
            false => self.answers(prefixes, Watched { end: true }),
        };
        let mut answers = Answers::of(&sequences);
        for variants in ORDER {
            let mut numbers = Vec::new();
            for sequence in sequences.clone() {
                for &(variant, other) in variants {
                    let number = sequence * WIDTH + variant as u64;
                    let remembered = self.prefixes.get(&number).filter(|_| watched.end);
                    match remembered
                        .cloned()
                        .or_else(|| implied(sequence, variant, other, &shorter, &answers))
                    {
                        Some(answer) => answers.set(number, answer),
                        None => numbers.push(number),
                    }
                }
            }
            let cases: Vec<Case> = numbers.iter().map(|&number| case(number)).collect();
            let outcomes = self.comparator.watched_outcomes(&cases, watched);
            for (number, (outcome, reads)) in numbers.into_iter().zip(outcomes) {
                let answer = Answer { outcome: Arc::new(outcome), reads, is_implied: false };
                if watched.end && number < self.remembered {
                    self.prefixes.insert(number, answer.clone());
                }
                answers.set(number, answer);
            }
        }
        answers
    }
}

/// Returns the answer to a sequence that the one to its prefix implies, or that to another variant.
fn implied(
    sequence: u64,
    variant: usize,
    other: Option<usize>,
    shorter: &Answers,
    answers: &Answers,
) -> Option<Answer> {
    let of_prefix =
        || shorter.get(prefix(sequence)? * WIDTH + variant as u64).filter(|answer| answer.is_final());
    let of_other_flags = || {
        let flags = |variant: usize| empty_case(variant).flags.bits();
        let answer = answers.get(sequence * WIDTH + other? as u64)?;
        answer.is_independent_of(flags(variant) ^ flags(other?)).then_some(answer)
    };
    let answer = of_prefix().or_else(of_other_flags)?;
    Some(Answer { is_implied: true, ..answer.clone() })
}

/// Answers by number.
#[derive(Default)]
struct Answers {
    first: u64,
    answers: Vec<Option<Answer>>,
}

impl Answers {
    fn of(sequences: &Range<u64>) -> Answers {
        let count = (sequences.end - sequences.start) * WIDTH;
        Answers { first: sequences.start * WIDTH, answers: vec![None; count as usize] }
    }

    fn get(&self, number: u64) -> Option<&Answer> {
        self.answers.get(usize::try_from(number.checked_sub(self.first)?).ok()?)?.as_ref()
    }

    fn set(&mut self, number: u64, answer: Answer) {
        self.answers[(number - self.first) as usize] = Some(answer);
    }
}

/// Returns the sequence without its last token.
fn prefix(sequence: u64) -> Option<u64> {
    Some(sequence.checked_sub(1)? / TOKENS.len() as u64)
}

/// Describes how the answer of the interpreter contradicts the implied one, if it does.
fn contradiction(implied: &Outcome, asked: &Outcome) -> Option<String> {
    let is_lost = matches!(asked, Outcome::NoAnswer { .. });
    (asked != implied && !is_lost).then(|| {
        let (implied, asked) = (summary(implied), summary(asked));
        format!("other answers of the interpreter imply {implied}, but it answers {asked}; --ask-all infers nothing")
    })
}

/// Returns whether an implied answer is asked for. Which ones are does not depend on the shard.
fn is_verified(number: u64) -> bool {
    fnv1a(number.to_le_bytes()).is_multiple_of(VERIFIED)
}

fn summary(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted(_) => "accepted".to_owned(),
        Outcome::Rejected(rejected) => format!("{:?} at {:?}", rejected.message.to_string(), rejected.pos),
        Outcome::NoAnswer { .. } => "lost".to_owned(),
    }
}
