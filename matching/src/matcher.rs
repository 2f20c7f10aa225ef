//! Comparing what patterns match on the sides of a plan.

use std::time::Duration;

use sre_case::Case;
use sre_compiler::Compiler;
use sre_generate::Subject;
use sre_oracle::is_crash;

use crate::difference::Difference;
use crate::form::{Form, Operation};
use crate::found::Found;
use crate::plan::{Pair, Plan, Side};
use crate::runner::{Answer, Limits, Outcomes, Runner};
use crate::wire::{Given, Job};

/// The programs of a plan, running.
#[derive(Debug)]
pub struct Matcher {
    plan: Plan,
    runners: Vec<Runner>,
    compiler: Compiler,
}

/// What became of a pattern.
#[derive(Debug, Default)]
pub struct Compared {
    /// Number of programs that refuse the pattern. It was not compared if there are any.
    pub refusing: usize,
    /// Number of subjects that were compared on at least one pair.
    pub subjects: usize,
    /// Number of outcomes that were not compared, because the time limit passed.
    pub slow: usize,
    /// One for each pair and subject that differ.
    pub differences: Vec<Difference>,
}

/// How many times the limit is tried before no end is a difference.
const PATIENCE: u32 = 8;

impl Matcher {
    /// Starts the programs.
    ///
    /// # Errors
    /// If one does not start, the reason.
    pub fn start(plan: &Plan, limits: Limits) -> Result<Matcher, String> {
        let runners = plan.programs.iter().map(|participant| Runner::start(&participant.program, limits));
        let runners = runners.collect::<Result<Vec<_>, _>>()?;
        Ok(Matcher { compiler: Compiler::new(plan.dialect), plan: plan.clone(), runners })
    }

    /// Returns the plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns how often a process was replaced.
    pub fn replaced(&self) -> usize {
        self.runners.iter().map(Runner::replaced).sum()
    }

    /// Returns a pattern with its subjects, and the code of sre-compiler if a side runs that.
    pub fn job(&mut self, case: Case, subjects: Vec<Subject>) -> Job {
        let sides = self.plan.pairs.iter().flat_map(|pair| [pair.reference, pair.tested]);
        let wants_code = sides.into_iter().any(|side| side.form == Form::Given);
        let program = wants_code.then(|| self.compiler.compile(case.pattern(), case.flags).ok()).flatten();
        Job { given: program.as_ref().map(Given::from), case, subjects }
    }

    /// Compares patterns on their subjects.
    pub fn compare(&mut self, jobs: &[Job]) -> Vec<Compared> {
        let answers: Vec<Vec<Answer>> = (0..self.runners.len())
            .map(|program| self.runners[program].ask(&self.plan.forms(program), jobs))
            .collect();
        let pairs = self.plan.pairs.clone();
        let mut all = Vec::with_capacity(jobs.len());
        for (n, job) in jobs.iter().enumerate() {
            let refusing = answers.iter().filter(|answers| matches!(answers[n], Answer::Refused(_))).count();
            let mut compared = Compared { refusing, ..Compared::default() };
            let mut is_compared = vec![false; job.subjects.len()];
            for &pair in pairs.iter().filter(|_| refusing == 0) {
                let side = |side| self.outcomes(&answers, n, side);
                let Some((reference, tested)) = side(pair.reference).zip(side(pair.tested)) else { continue };
                for (at, (reference, tested)) in reference.iter().zip(tested).enumerate() {
                    is_compared[at] = true;
                    if reference.is_plainly_equal(tested) {
                        continue;
                    }
                    // Both had to be killed, as on a machine that is busy with other work.
                    if reference.is_without_answer() && tested.is_without_answer() {
                        compared.slow += 1;
                        continue;
                    }
                    let first = first_difference(&reference.found(), &tested.found());
                    let Some(first) = first else { continue };
                    let single = || Job { subjects: vec![job.subjects[at].clone()], ..job.clone() };
                    match first.needs_time() {
                        true if pair.reference.program == pair.tested.program => compared.slow += 1,
                        true => match self.patiently(pair, &single()) {
                            Some(first) => compared.differences.push(first.of(pair, job, at)),
                            None => compared.slow += 1,
                        },
                        false => compared.differences.push(first.of(pair, job, at)),
                    }
                }
            }
            compared.subjects = is_compared.into_iter().filter(|&is| is).count();
            all.push(compared);
        }
        all
    }

    /// Returns the outcomes of a side, if it has any.
    fn outcomes<'a>(&self, answers: &'a [Vec<Answer>], n: usize, side: Side) -> Option<&'a [Outcomes]> {
        let form = self.plan.forms(side.program).iter().position(|&form| form == side.form)?;
        match &answers[side.program][n] {
            Answer::Refused(_) => None,
            Answer::Forms(forms) => forms.get(form)?.as_deref().ok(),
        }
    }

    /// Asks again with a higher limit, for a subject on which only one side came to an end.
    fn patiently(&mut self, pair: Pair, job: &Job) -> Option<First> {
        let mut sides = Vec::new();
        for side in [pair.reference, pair.tested] {
            let runner = &mut self.runners[side.program];
            let limit: Duration = runner.subject_limit();
            runner.set_subject_limit(limit * PATIENCE);
            let mut answers = runner.ask(&[side.form], std::slice::from_ref(job));
            runner.set_subject_limit(limit);
            let Some(Answer::Forms(mut forms)) = answers.pop() else { return None };
            sides.push(forms.pop()?.ok()?.pop()?.found());
        }
        first_difference(&sides[0], &sides[1])
    }

    /// Returns the difference of a pair on a subject, if there is one.
    pub(crate) fn difference(&mut self, pair: Pair, case: &Case, subjects: Vec<Subject>) -> Vec<Difference> {
        let job = self.job(case.clone(), subjects);
        let pairs = std::mem::replace(&mut self.plan.pairs, vec![pair]);
        let compared = self.compare(std::slice::from_ref(&job));
        self.plan.pairs = pairs;
        compared.into_iter().flat_map(|compared| compared.differences).collect()
    }

    /// Returns what an interpreter writes when it crashes, if the difference is that it does.
    pub fn crash_output(&mut self, difference: &Difference) -> Vec<String> {
        let Difference { pair, reference, tested, .. } = difference;
        let both = [(pair.reference, reference), (pair.tested, tested)];
        let crashed = |(_, found): &(Side, &Found)| matches!(found, Found::Lost(why) if is_crash(why));
        let Some((side, _)) = both.into_iter().find(crashed) else { return Vec::new() };
        let job = self.job(difference.case.clone(), vec![difference.subject.clone()]);
        self.runners[side.program].crash_output(side.form, &job)
    }

    /// Returns the code of a side.
    ///
    /// # Errors
    /// The reason, if there is none.
    pub fn code(&mut self, side: Side, case: &Case) -> Result<Given, String> {
        let job = self.job(case.clone(), Vec::new());
        match side.form {
            Form::Given => job.given.ok_or_else(|| "sre-compiler refuses the pattern".to_owned()),
            form => self.runners[side.program].code(form, &job),
        }
    }
}

/// The first operation that differs.
struct First {
    operation: Operation,
    kind: String,
    reference: Found,
    tested: Found,
}

impl First {
    /// Returns whether only the time limit makes the difference.
    fn needs_time(&self) -> bool {
        self.reference == Found::Slow || self.tested == Found::Slow
    }

    fn of(self, pair: Pair, job: &Job, subject: usize) -> Difference {
        Difference {
            case: job.case.clone(),
            subject: job.subjects[subject].clone(),
            pair,
            operation: self.operation,
            kind: self.kind,
            reference: self.reference,
            tested: self.tested,
            found_as: None,
        }
    }
}

fn first_difference(reference: &[Found], tested: &[Found]) -> Option<First> {
    let mut both = Operation::ALL.into_iter().zip(reference.iter().zip(tested));
    both.find_map(|(operation, (reference, tested))| {
        let kind = match (reference, tested) {
            // Without enough memory one program raises an exception, and another one dies.
            (Found::Slow, Found::Lost(_)) | (Found::Lost(_), Found::Slow) => return None,
            (Found::Wrong(why), _) | (_, Found::Wrong(why)) => why.clone(),
            (Found::Lost(why), _) | (_, Found::Lost(why)) => why.clone(),
            (reference, tested) => reference.difference(tested)?,
        };
        Some(First { operation, kind, reference: reference.clone(), tested: tested.clone() })
    })
}
