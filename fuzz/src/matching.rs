//! Compares what patterns match: CPython's own code with this compiler's, and with other forms of it.

use std::collections::HashMap;
use std::env;
use std::path::Path;

use sre_case::Case;
use sre_compiler::Dialect;
use sre_generate::Subjects;
use sre_matching::{
    Cause, Difference, Form, Limits, Matcher, Pair, Plan, Report, Side, TRIES, commands, minimize,
};
use sre_oracle::pythons::{self, Python};
use sre_support::fnv::fnv1a;

use crate::finding::{Finding, Kind};
use crate::input::Input;
use crate::run::{Check, Depth, Interpreter};
use crate::stats::InputResult;

/// A running CPython, and the plan of what is compared.
#[derive(Debug)]
pub struct Checks {
    matcher: Matcher,
    plan: Plan,
    python: Python,
    /// How often each kind of difference was found.
    found: HashMap<(Pair, String), usize>,
}

/// Number of subjects for a pattern.
const SUBJECTS: usize = 6;

/// Longer patterns take more time than they are worth, in characters.
const LONGEST: usize = 400;

/// Number of findings of a kind that are minimized; the others are only counted.
const EXAMPLES: usize = 6;

impl Checks {
    /// Starts the interpreter that `PYO3_PYTHON` names, or `python3`.
    ///
    /// # Errors
    /// If it does not start, or the compiler has no dialect for it.
    pub fn new() -> Result<Checks, String> {
        let name = env::var_os("PYO3_PYTHON").unwrap_or_else(|| "python3".into());
        let python = pythons::probe(Path::new(&name))?;
        let mut plan = Plan::variants(&python, &Form::VARIANTS);
        plan.dialect =
            python.dialect.clone().map_err(|why| format!("CPython {}: {why}", python.info.label()))?;
        let side = |form| Side { program: 0, form };
        plan.pairs.push(Pair { reference: side(Form::Own), tested: side(Form::Given) });
        let matcher = Matcher::start(&plan, Limits::default())?;
        Ok(Checks { matcher, plan, python, found: HashMap::new() })
    }

    /// Returns the dialect of the interpreter.
    pub fn dialect(&self) -> Dialect {
        self.plan.dialect
    }

    fn finding(&mut self, input: &Input, difference: &Difference) -> Finding {
        let difference = minimize(&mut self.matcher, difference, TRIES);
        let commands = commands(&mut self.matcher, &difference);
        let [_, tested] = self.plan.names(difference.pair);
        let signature = format!("{}, {tested}", difference.signature(self.plan.dialect));
        let cause = Cause {
            signature: signature.clone(),
            first: std::time::Duration::ZERO,
            count: 1,
            also: Vec::new(),
            difference,
        };
        let report = Report { cause: &cause, plan: &self.plan, commands: &commands }.to_string();
        let case: Case = cause.difference.case.clone();
        Finding {
            kind: Kind::Divergence,
            signature,
            causes: None,
            found_as: (case != input.case).then(|| Box::new(input.case.clone())),
            input: Input { case, from_grammar: false },
            report: report.into(),
        }
    }
}

impl Check for Checks {
    /// Compares the matches of the pattern in texts that depend on nothing but the pattern.
    fn check(&mut self, input: &Input, _: Depth) -> Result<InputResult, Finding> {
        let case = &input.case;
        if case.len() > LONGEST {
            return Ok(InputResult::RejectedAlike);
        }
        let subjects = Subjects::new(fnv1a(case.encode())).make(case, self.plan.dialect, SUBJECTS);
        if subjects.is_empty() {
            return Ok(InputResult::RejectedAlike);
        }
        let job = self.matcher.job(case.clone(), subjects);
        let compared = self.matcher.compare(std::slice::from_ref(&job)).pop().unwrap_or_default();
        for difference in &compared.differences {
            let kind = (difference.pair, format!("{}: {}", difference.operation, difference.kind));
            let times = self.found.entry(kind).or_default();
            *times += 1;
            if *times <= EXAMPLES {
                return Err(self.finding(input, difference));
            }
        }
        Ok(match compared {
            found if !found.differences.is_empty() => InputResult::KnownDivergence,
            found if found.refusing > 0 => InputResult::RejectedAlike,
            _ => InputResult::AcceptedAlike,
        })
    }

    fn reset(&mut self) {
        if let Ok(matcher) = Matcher::start(&self.plan, Limits::default()) {
            self.matcher = matcher;
        }
    }

    fn target(&self) -> &'static str {
        "match"
    }

    fn python(&self) -> Option<Interpreter> {
        Some(Interpreter { version: self.python.info.label(), path: Some(self.python.path.clone()) })
    }
}
