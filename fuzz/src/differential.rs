//! Compares the compiler with CPython.

use std::path::PathBuf;

use sre_case::wire::InterpreterInfo;
use sre_case::{Oracle, Outcome};
use sre_compiler::{Dialect, compile};
use sre_oracle::{Cause, Report, RustCompiler, Verdict, compare};

use crate::finding::{Finding, Kind, unchanged};
use crate::input::Input;
use crate::pair::InterpreterPair;
use crate::reference::Reference;
use crate::run::{Check, Depth, Interpreter, Target, warn};
use crate::stats::{InputResult, Side, timed};
use crate::{commands, injected};

/// Both compilers.
#[derive(Debug)]
pub struct Checks {
    rust: RustCompiler,
    cpython: Reference,
    python: InterpreterInfo,
    /// The dialect of the interpreter.
    executable: Option<PathBuf>,
    dialect: Dialect,
    /// Two interpreters that are compared instead.
    pair: Option<InterpreterPair>,
}

impl Checks {
    fn compare(&self, input: &Input, rust: &Outcome, cpython: &Outcome) -> Result<InputResult, Finding> {
        let mut verdict = compare(&input.case, &self.python, self.dialect, rust, cpython);
        if let Verdict::Divergent(divergence) = &mut verdict {
            divergence.interpreter = Some(commands::interpreter(self.executable.as_deref()));
        }
        judged(input, rust.accepted().is_some(), verdict, self.dialect)
    }

    /// Checks that live bytes do not grow when a fresh compiler compiles the case.
    fn fresh_retains_nothing(&self, input: &Input) -> Result<(), Finding> {
        let case = &input.case;
        let dialect = self.dialect;
        let mut utf8 = String::new();
        let pattern = case.pattern_in(&mut utf8);
        unchanged(input, "a fresh compiler", || {
            let result = compile(pattern, case.flags, dialect);
            injected::after_compiling(case);
            result
        })
    }

    /// Checks that live bytes do not grow when the reused compiler compiles the case again: with the tree, if it was
    /// compiled so before, since that has memory of its own.
    fn reused_retains_nothing(&mut self, input: &Input) -> Result<(), Finding> {
        unchanged(input, "a reused compiler", || self.rust.outcome(&input.case))
    }
}

/// Returns what a verdict on an input means. `accepted` is whether the tested side accepts the pattern.
pub(crate) fn judged(
    input: &Input,
    accepted: bool,
    verdict: Verdict,
    dialect: Dialect,
) -> Result<InputResult, Finding> {
    let found = |kind, signature, causes, report| {
        Err(Finding {
            kind,
            signature,
            causes,
            input: input.clone(),
            found_as: None,
            commands: None,
            report: String::into_boxed_str(report),
        })
    };
    match verdict {
        Verdict::Equal if accepted => Ok(InputResult::AcceptedAlike),
        Verdict::Equal => Ok(InputResult::RejectedAlike),
        Verdict::Known(_) => Ok(InputResult::KnownDivergence),
        Verdict::Divergent(divergence) => {
            let program = commands::sre();
            let report = Report { divergence: &divergence, program: &program, recorded: None }.to_string();
            let causes = Cause::candidates(&divergence).map(|cause| cause.text(dialect));
            found(Kind::Divergence, divergence.signature, Some(Box::new(causes)), report)
        }
        Verdict::NoAnswer { why } => found(Kind::Lost, why, None, String::new()),
    }
}

impl Target for Checks {
    fn start() -> Result<Checks, String> {
        let cpython = Reference::new()?;
        let (python, own) = cpython.about()?;
        let executable = cpython.executable();
        let pair = InterpreterPair::from_environment()?;
        if pair.is_none() {
            warn(cpython.warning());
        }
        let dialect = pair.as_ref().map_or(own, InterpreterPair::dialect);
        Ok(Checks { rust: RustCompiler::new(dialect), cpython, python, executable, dialect, pair })
    }

    fn dialect(&self) -> Dialect {
        self.dialect
    }
}

impl Check for Checks {
    /// Compiles the case with both compilers and compares the outcomes. The tree and the disassembly, which CPython
    /// prints slowly, are compared for a share of the inputs. A known divergence is not a finding.
    fn check(&mut self, input: &Input, depth: Depth) -> Result<InputResult, Finding> {
        let case = &input.case;
        self.fresh_retains_nothing(input)?;
        let hash = case.pattern().chars().fold(0, |sum, c| sum * 31 % 997 + c);
        let debug = match depth {
            Depth::Shallow => false,
            Depth::Sampled => hash % 32 == 0,
            Depth::Full => true,
        };
        self.rust.set_debug(debug);
        self.cpython.set_debug(debug);
        let rust = timed(Side::Rust, || self.rust.outcome(case));
        self.reused_retains_nothing(input)?;
        if let Some(pair) = &mut self.pair {
            return timed(Side::Cpython, || pair.check(input, debug));
        }
        let rust = injected::outcome(rust, self.dialect);
        let cpython = self.cpython.outcome(case, hash);
        injected::after_checking(case);
        self.compare(input, &rust, &cpython)
    }

    fn reset(&mut self) {
        self.rust = RustCompiler::new(self.dialect);
    }

    fn target(&self) -> &'static str {
        "differential"
    }

    fn python(&self) -> Option<Interpreter> {
        let linked = || Interpreter { version: self.python.label(), path: self.executable.clone() };
        Some(self.pair.as_ref().map_or_else(linked, InterpreterPair::reference))
    }
}
