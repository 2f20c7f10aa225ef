//! Compares what patterns match: CPython's own code with this compiler's, and with other forms of it.

use std::collections::HashMap;
use std::env;
use std::path::PathBuf;
use std::time::Duration;

use sre_case::Case;
use sre_compiler::Dialect;
use sre_generate::Subjects;
use sre_matching::{
    Cause, Difference, Form, Limits, Matcher, Pair, Plan, Report, Side, TRIES, commands, minimize,
};
use sre_oracle::Expected;
use sre_oracle::pythons::{self, Python};
use sre_support::fnv::fnv1a;
use sre_support::variable;

use crate::finding::{Commands, Finding, Kind};
use crate::input::Input;
use crate::pair::expected_by_environment;
use crate::run::{Check, Depth, Interpreter, Target, warn};
use crate::stats::InputResult;

/// A running CPython, and the plan of what is compared.
#[derive(Debug)]
pub struct Checks {
    matcher: Matcher,
    plan: Plan,
    python: Python,
    /// What CPython is known to match wrongly, by the signatures of minimized differences.
    expected: Expected,
    /// How often each kind of difference was minimized: to a finding, and to something expected.
    minimized: HashMap<(Pair, String), (usize, usize)>,
}

/// The interpreter that was shipped with the program, from its folder. fuzz/oss-fuzz/python.sh
/// puts it there.
const SHIPPED: &str = "python/bin/python3";

/// Number of subjects for a pattern.
const SUBJECTS: usize = 6;

/// Longer patterns take more time than they are worth, in characters.
const LONGEST: usize = 400;

/// Limits for an input, which has up to 60 outcomes by time: ten forms of six subjects. libFuzzer
/// takes one that lasts for a hang.
const LIMITS: Limits = Limits { subject: Duration::from_millis(20), reply: Duration::from_secs(15) };

/// Number of findings of a kind that are minimized; the others are only counted.
const EXAMPLES: usize = 6;

/// The same for differences that turn out to be expected, behind which others may hide.
const EXPECTED_EXAMPLES: usize = 60;

/// What is expected unless the environment names another file.
const EXPECTED: &str = include_str!("../../findings/expected.toml");

impl Checks {
    /// Minimizes a difference. Returns the finding, unless it is expected or enough of its kind are known.
    fn finding(&mut self, input: &Input, difference: &Difference) -> Option<Finding> {
        let kind = (difference.pair, format!("{}: {}", difference.operation, difference.kind));
        let (found, expected) = self.minimized.entry(kind).or_default();
        if *found >= EXAMPLES || *expected >= EXPECTED_EXAMPLES {
            return None;
        }
        let difference = minimize(&mut self.matcher, difference, TRIES);
        if self.expected.reason_of_signature(&difference.signature(self.plan.dialect)).is_some() {
            *expected += 1;
            return None;
        }
        *found += 1;
        let commands = commands(&mut self.matcher, &difference);
        let crash = self.matcher.crash_output(&difference);
        let [_, tested] = self.plan.names(difference.pair);
        let signature = format!("{}, {tested}", difference.signature(self.plan.dialect));
        let cause = Cause {
            signature: signature.clone(),
            first: Duration::ZERO,
            count: 1,
            also: Vec::new(),
            difference,
        };
        let report =
            Report { cause: &cause, plan: &self.plan, commands: &commands, crash: &crash }.to_string();
        let case: Case = cause.difference.case.clone();
        Some(Finding {
            kind: Kind::Divergence,
            signature,
            causes: None,
            found_as: (case != input.case).then(|| Box::new(input.case.clone())),
            input: Input { case, from_grammar: false },
            report: report.into(),
            commands: (!commands.is_empty()).then(|| Box::new(Commands(commands.join("\n") + "\n"))),
        })
    }
}

fn executable() -> PathBuf {
    let beside = env::current_exe().ok().map(|program| program.with_file_name(SHIPPED));
    let shipped = beside.filter(|path| path.is_file()).unwrap_or_else(|| "python3".into());
    variable("PYO3_PYTHON").map_or(shipped, PathBuf::from)
}

impl Target for Checks {
    /// Starts the interpreter that `PYO3_PYTHON` names, or else the one that was shipped with the
    /// program, or `python3`.
    fn start() -> Result<Checks, String> {
        let python = pythons::probe(&executable())?;
        warn(python.warning());
        let mut plan = Plan::variants(&python, &Form::VARIANTS);
        plan.dialect =
            python.dialect.clone().map_err(|why| format!("CPython {}: {why}", python.info.label()))?;
        let side = |form| Side { program: 0, form };
        plan.pairs.push(Pair { reference: side(Form::Own), tested: side(Form::Given) });
        let matcher = Matcher::start(&plan, LIMITS)?;
        let expected = match expected_by_environment()? {
            Some(expected) => expected,
            None => Expected::parse(EXPECTED).map_err(|why| format!("findings/expected.toml: {why}"))?,
        };
        let expected = expected.of_versions(&[python.info.version]);
        Ok(Checks { matcher, plan, python, expected, minimized: HashMap::new() })
    }

    fn dialect(&self) -> Dialect {
        self.plan.dialect
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
            if let Some(finding) = self.finding(input, difference) {
                return Err(finding);
            }
        }
        Ok(match compared {
            found if !found.differences.is_empty() => InputResult::KnownDivergence,
            found if found.refusing > 0 => InputResult::RejectedAlike,
            _ => InputResult::AcceptedAlike,
        })
    }

    fn reset(&mut self) {
        if let Ok(matcher) = Matcher::start(&self.plan, LIMITS) {
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
