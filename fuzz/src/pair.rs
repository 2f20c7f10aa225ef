//! Two interpreters, named by the environment: one in the place of the compiler.

use std::ffi::OsString;
use std::fs;
use std::time::Duration;

use sre_compiler::Dialect;
use sre_oracle::pythons::{self, Python};
use sre_oracle::{Comparator, Expected, Options, Verdict};
use sre_support::variable;
use sre_support::visible::Shown;

use crate::differential::judged;
use crate::finding::Finding;
use crate::input::Input;
use crate::run::{Interpreter, warn};
use crate::stats::InputResult;

/// The environment variable that names the interpreter to compare with.
pub const REFERENCE: &str = "SRE_FUZZ_REFERENCE";
/// The one that names the tested interpreter.
pub const TEST: &str = "SRE_FUZZ_TEST";
/// The one that names a file of expected divergences: see [`Expected`].
pub const EXPECT: &str = "SRE_FUZZ_EXPECT";

/// Limit of an interpreter's time for an input.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Two interpreters that are compared with each other.
#[derive(Debug)]
pub(crate) struct InterpreterPair {
    comparator: Comparator,
    reference: Interpreter,
    expected: Option<Expected>,
}

impl InterpreterPair {
    /// Starts the interpreters that the environment names; `None` if it names none.
    pub(crate) fn from_environment() -> Result<Option<InterpreterPair>, String> {
        let (reference, test) = match (variable(REFERENCE), variable(TEST)) {
            (Some(reference), Some(test)) => (reference, test),
            (None, None) => return Ok(None),
            _ => return Err(format!("{REFERENCE} and {TEST} belong together")),
        };
        let expected = expected_by_environment()?;
        let reference = python(reference)?;
        let about = Interpreter { version: reference.info.label(), path: Some(reference.path.clone()) };
        let options = Options { jobs: 1, debug: false, time_limit: TIME_LIMIT, dialect: None };
        let both = sre_oracle::Reference::Python(reference).against(python(test)?);
        let both = both.map_err(|why| why.to_string())?;
        let comparator = Comparator::start(&both, options).map_err(|why| why.to_string())?;
        Ok(Some(InterpreterPair { comparator, reference: about, expected }))
    }

    /// Returns the dialect that is nearest to the tested interpreter: the compiler's code in it guides the search.
    pub(crate) fn dialect(&self) -> Dialect {
        self.comparator.dialect()
    }

    /// Returns the interpreter to compare with.
    pub(crate) fn reference(&self) -> Interpreter {
        self.reference.clone()
    }

    /// Compares what the two say of an input; with the texts of `re.DEBUG` if `debug` is set.
    pub(crate) fn check(&mut self, input: &Input, debug: bool) -> Result<InputResult, Finding> {
        self.comparator.set_debug(debug);
        let (mut accepted, mut verdict) = (false, Verdict::Equal);
        self.comparator.compare(std::slice::from_ref(&input.case), |_, tested, judged| {
            (accepted, verdict) = (tested.accepted().is_some(), judged);
        });
        match (&verdict, &self.expected) {
            (Verdict::Divergent(found), Some(expected)) if expected.reason(found).is_some() => {
                Ok(InputResult::KnownDivergence)
            }
            _ => judged(input, accepted, verdict, self.dialect()),
        }
    }
}

/// Returns the interpreter at a path.
fn python(path: OsString) -> Result<Python, String> {
    let python = pythons::at(path.to_str().ok_or_else(|| format!("{}: not UTF-8", path.shown()))?)?;
    warn(python.warning());
    Ok(python)
}

/// Reads the file that [`EXPECT`] names, if it names one.
pub(crate) fn expected_by_environment() -> Result<Option<Expected>, String> {
    let Some(file) = variable(EXPECT) else { return Ok(None) };
    let name = |why: String| format!("{EXPECT}={}: {why}", file.shown());
    let text = fs::read_to_string(&file).map_err(|why| name(why.to_string()))?;
    Expected::parse(&text).map(Some).map_err(|why| name(why.to_string()))
}
