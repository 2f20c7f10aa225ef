//! Running a target in libFuzzer: a finding ends the run, unless the environment asks to continue.

use std::cell::RefCell;

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process;

use sre_compiler::Dialect;
use sre_support::variable;
use sre_support::visible::Shown;

use crate::causes::Causes;
use crate::finding::{Finding, Kind};
use crate::input::Input;
use crate::stats::InputResult;
use crate::{panics, stats, triage};

/// The environment variable that names a folder, to which findings are written: for each cause the
/// smallest case, in a folder of its own. The run then continues, except after a leak, which the
/// sanitizer would report again after each input.
pub const KEEP: &str = "SRE_FUZZ_KEEP";

/// The checks of a target.
pub trait Check {
    /// Checks an input.
    ///
    /// # Errors
    /// The finding.
    fn check(&mut self, input: &Input, depth: Depth) -> Result<InputResult, Finding>;

    /// Resets the checks after a panic, which may have left an inconsistent state.
    fn reset(&mut self);

    /// Returns the name of the target's program.
    fn target(&self) -> &'static str;

    /// Returns the interpreter that it compares with, if any.
    fn python(&self) -> Option<Interpreter>;
}

/// The checks of one of the programs in `fuzz_targets`.
pub trait Target: Check + Sized {
    /// Starts the checks.
    ///
    /// # Errors
    /// If an interpreter that they need does not start, or the compiler has no dialect for it.
    fn start() -> Result<Self, String>;

    /// Returns the dialect for which the mutator repairs patterns.
    fn dialect(&self) -> Dialect;
}

/// Prints what a target has to say of an interpreter before it starts.
pub(crate) fn warn(warning: Option<String>) {
    if let Some(warning) = warning {
        // The inputs are checked even if nobody reads this.
        let _ = writeln!(io::stderr(), "warning: {warning}");
    }
}

/// An interpreter, for commands to paste.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Interpreter {
    /// The version.
    pub version: String,
    /// The executable; `None` if there is only a library.
    pub path: Option<PathBuf>,
}

/// How thoroughly an input is checked; some checks take longer than all others together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// Never make the expensive checks.
    Shallow,
    /// Make them for a share of the inputs, which depends only on the input.
    Sampled,
    /// Always make them.
    Full,
}

thread_local! {
    static CAUSES: RefCell<Causes> = RefCell::default();
}

/// Checks an input within libFuzzer.
///
/// A finding is printed, and the process aborted, so that libFuzzer writes the input to a file; or the finding is
/// written to a folder, and the run continues ([`KEEP`]).
pub fn run(checks: &mut impl Check, input: &Input) {
    look(checks, input);
    #[cfg(feature = "embedded")]
    crate::cpython_coverage::forget_own_coverage();
}

fn look(checks: &mut impl Check, input: &Input) {
    let Some(folder) = variable(KEEP).map(PathBuf::from) else {
        match checks.check(input, Depth::Sampled) {
            Ok(ending) => stats::count(ending),
            Err(finding) => end(&finding),
        }
        return;
    };
    match guarded(checks, input, Depth::Sampled) {
        Ok(ending) => stats::count(ending),
        Err(finding) if finding.kind == Kind::Leak => end(&finding),
        Err(finding) => {
            stats::count(finding.kind.ending());
            let name = finding.name();
            if !CAUSES.with_borrow_mut(|causes| causes.count(&name)) {
                let finding = triage::smallest(checks, finding);
                let folder = triage::folder(&finding, &folder);
                if CAUSES.with_borrow_mut(|causes| causes.add(name, &finding, &folder)) {
                    triage::write(checks, &finding, &folder);
                }
                report(&finding);
            }
        }
    }
}

/// Checks an input; a panic is a finding.
pub(crate) fn guarded(checks: &mut impl Check, input: &Input, depth: Depth) -> Result<InputResult, Finding> {
    panics::caught(|| checks.check(input, depth)).unwrap_or_else(|said| {
        checks.reset();
        Err(Finding {
            kind: Kind::Panic,
            // Only the place, since the message may quote the input.
            signature: said.lines().next().unwrap_or_default().trim_end_matches(':').to_owned(),
            causes: None,
            input: input.clone(),
            found_as: None,
            commands: None,
            report: said.into(),
        })
    })
}

fn end(finding: &Finding) -> ! {
    stats::count(finding.kind.ending());
    report(finding);
    process::abort()
}

/// Ends the process with the reason why it cannot start.
pub fn cannot_start(why: &str) -> ! {
    eprintln!("sre-fuzz: cannot start: {why}");
    process::exit(1)
}

/// Prints a finding, and appends it to a file beside the stats: with `-fork`, libFuzzer shows the output of its
/// processes only when they crash.
fn report(finding: &Finding) {
    eprintln!("\n{finding}");
    if let Some(folder) = stats::folder() {
        let path = folder.join(format!("{}.reports", process::id()));
        let file = OpenOptions::new().append(true).create(true).open(&path);
        if let Err(error) = file.and_then(|mut file| writeln!(file, "{finding}")) {
            eprintln!("sre-fuzz: {}: {error}", path.shown());
        }
    }
}
