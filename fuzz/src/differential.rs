//! The compiler against CPython.

use sre_compiler::{Dialect, compile};
use sre_oracle::wire::Hello;
use sre_oracle::{Oracle, Ours, Outcome, Report, Verdict, judge};

use crate::figures::{Ending, Figures};
use crate::finding::{Finding, Kind, unchanged};
use crate::input::Input;
use crate::planted;
use crate::reference::Reference;

/// Both sides.
#[derive(Debug)]
pub struct Checks {
    ours: Ours,
    theirs: Reference,
    python: Hello,
    dialect: Dialect,
    figures: Figures,
}

impl Checks {
    /// Starts the interpreter.
    ///
    /// # Errors
    /// Says why it does not start, or cannot be compared with.
    pub fn new() -> Result<Checks, String> {
        let theirs = Reference::new()?;
        let (python, dialect) = theirs.about()?;
        let figures = Figures::from_environment();
        Ok(Checks { ours: Ours::new(dialect), theirs, python, dialect, figures })
    }

    /// What the interpreter speaks.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Compiles the case on both sides and compares all of it; the tree and the disassembly, which CPython prints
    /// slowly, for a share of the inputs when fuzzing.
    ///
    /// # Errors
    /// What was found; a known divergence is none.
    pub fn check(&mut self, input: &Input) -> Result<(), Finding> {
        let case = &input.case;
        self.retains_nothing(input)?;
        let debug = !cfg!(fuzzing) || case.pattern().chars().fold(0, |sum, c| sum * 31 % 997 + c) % 32 == 0;
        self.ours.set_debug(debug);
        self.theirs.set_debug(debug);
        let ours = planted::outcome(self.ours.outcome(case), self.dialect);
        let theirs = self.theirs.outcome(case);
        planted::after_checking(case);
        let (ending, finding) = self.compare(input, &ours, &theirs);
        self.figures.count(ending);
        finding.map_or(Ok(()), Err)
    }

    fn compare(&self, input: &Input, ours: &Outcome, theirs: &Outcome) -> (Ending, Option<Finding>) {
        let found = |kind, signature, report| Some(Finding { kind, signature, input: input.clone(), report });
        match judge(&input.case, &self.python, self.dialect, ours, theirs) {
            Verdict::Same if ours.accepted().is_some() => (Ending::AcceptedAlike, None),
            Verdict::Same => (Ending::RejectedAlike, None),
            Verdict::Known(_) => (Ending::KnownDivergence, None),
            Verdict::Different(divergence) => {
                let report = Report(&divergence).to_string();
                (Ending::UnknownDivergence, found(Kind::Divergence, divergence.signature, report))
            }
            Verdict::Lost { why } => (Ending::Lost, found(Kind::Lost, why, String::new())),
        }
    }

    /// Live bytes must be where they were after a fresh compiler, and after a reused one's second time.
    fn retains_nothing(&mut self, input: &Input) -> Result<(), Finding> {
        let case = &input.case;
        let dialect = self.dialect;
        unchanged(input, "a fresh compiler", || {
            let result = compile(case.pattern(), case.flags, dialect);
            planted::after_compiling(case);
            result
        })?;
        drop(self.ours.outcome(case));
        unchanged(input, "a reused compiler", || self.ours.outcome(case))
    }
}
