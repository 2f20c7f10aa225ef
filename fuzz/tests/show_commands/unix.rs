//! A patched interpreter, and the commands that show its divergence.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use sre_case::Case;
use sre_compiler::Flags;
use sre_fuzz::finding::{Finding, Kind};
use sre_fuzz::input::Input;
use sre_fuzz::run::{self, Check, Depth, Interpreter};
use sre_fuzz::stats::InputResult;
use sre_test_support::{Missing, Prerequisite, Trial};

use crate::patched::patched;

/// The environment variable that passes the patched interpreter to the second process.
const PYTHON: &str = "SRE_TEST_PYTHON";

/// The environment variable that passes its version.
const VERSION: &str = "SRE_TEST_VERSION";

/// Reports a finding for every input.
struct Defective {
    interpreter: Interpreter,
    kind: Kind,
    signature: &'static str,
    case: Case,
}

impl Check for Defective {
    fn check(&mut self, input: &Input, _: Depth) -> Result<InputResult, Finding> {
        // Only the complete case shows it, so it cannot be minimized.
        if input.case != self.case {
            return Ok(InputResult::AcceptedAlike);
        }
        let (signature, input) = (self.signature.to_owned(), input.clone());
        let (causes, found_as, report, commands) = (None, None, Box::default(), None);
        Err(Finding { kind: self.kind, signature, causes, input, found_as, report, commands })
    }

    fn reset(&mut self) {}

    fn target(&self) -> &'static str {
        "compile"
    }

    fn python(&self) -> Option<Interpreter> {
        Some(self.interpreter.clone())
    }
}

pub(crate) fn is_started_again() -> bool {
    env::var_os(PYTHON).is_some()
}

/// Writes the folders of a divergence, and of a finding that does not concern an interpreter.
pub(crate) fn find() {
    let version = env::var(VERSION).expect("the test sets it");
    let interpreter = Interpreter { version, path: env::var_os(PYTHON).map(PathBuf::from) };
    let case = Case::str("q'\\\\[a]", Flags::IGNORECASE);
    let input = Input { case: case.clone(), from_grammar: true };
    for (kind, signature) in [(Kind::Divergence, "code"), (Kind::Retained, "memory")] {
        let interpreter = interpreter.clone();
        run::run(&mut Defective { interpreter, kind, signature, case: case.clone() }, &input);
    }
}

fn run(script: &Path) -> Output {
    Command::new("sh").arg(script).current_dir("/").output().expect("sh runs")
}

/// Runs programs of this checkout, which takes minutes if they are not built yet.
fn the_commands_of_a_finding_show_it() -> Result<(), Missing> {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path().join("it's");
    let patched = Prerequisite::PythonLibrary.require(patched(&here.join("py")))?;
    let kept = here.join("kept");
    let this = env::current_exe().expect("a program knows its path");
    let mut again = Command::new(this);
    again.env(PYTHON, &patched.path).env(VERSION, patched.original.info.label()).env(run::KEEP, &kept);
    let done = again.output().expect("this program runs");
    assert!(done.status.success(), "{done:?}");
    let folders: Vec<PathBuf> = fs::read_dir(&kept)
        .expect("it was made")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    assert_eq!(folders.len(), 2, "{done:?}");
    let script = |is_divergence: bool| {
        let named = |folder: &&PathBuf| folder.to_string_lossy().contains("divergence") == is_divergence;
        folders.iter().find(named).expect("one of each").join("show.sh")
    };

    let shown = run(&script(true));
    let text = String::from_utf8_lossy(&shown.stdout);
    assert_eq!(shown.status.code(), Some(2), "{shown:?}");
    // The output of the interpreter itself is followed by the report.
    let (debug, report) = text.split_once("re.compile(").expect("both parts");
    assert!(debug.contains("0x72 ('r')") && report.contains("signature  tree: "), "{text}");

    // The other finding is replayed by its target, which finds nothing here.
    let replayed = run(&script(false));
    assert_eq!(replayed.status.code(), Some(0), "{replayed:?}");
    assert!(String::from_utf8_lossy(&replayed.stdout).contains("1 of 1 file,"), "{replayed:?}");
    Ok(())
}

pub(crate) fn tests() -> Vec<Trial> {
    sre_test_support::trials! { the_commands_of_a_finding_show_it }
}
