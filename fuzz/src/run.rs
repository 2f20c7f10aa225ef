//! A run of libFuzzer: a finding ends it, unless the environment asks to go on.

use std::cell::RefCell;

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::{env, process};

use sre_support::visible::Shown;

use crate::causes::Causes;
use crate::finding::{Finding, Kind};
use crate::input::Input;
use crate::stats::Ending;
use crate::{panics, stats, triage};

/// The environment variable that names a folder, to which findings are written: for each cause the
/// smallest case, in a folder of its own. The run then continues, except after a leak, which the
/// sanitizer would report again after each input.
pub const KEEP: &str = "SRE_FUZZ_KEEP";

/// What a target does with an input.
pub trait Check {
    /// Looks for what is wrong with it.
    ///
    /// # Errors
    /// What was found.
    fn check(&mut self, input: &Input, depth: Depth) -> Result<Ending, Finding>;

    /// Begins anew, for a panic may have left something half done.
    fn reset(&mut self);

    /// The name of the target's program.
    fn target(&self) -> &'static str;

    /// The interpreter that it compares with, if it does.
    fn python(&self) -> Option<Interpreter>;
}

/// An interpreter, for lines to paste.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Interpreter {
    /// Its version.
    pub version: String,
    /// Its executable; none if only its library is there.
    pub path: Option<PathBuf>,
}

/// How thoroughly to look; some checks cost more than all the others together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// The expensive ones for none.
    Shallow,
    /// For a share of the inputs, which depends on nothing but the input.
    Sampled,
    /// For all.
    Full,
}

thread_local! {
    static CAUSES: RefCell<Causes> = RefCell::default();
}

/// Checks an input within libFuzzer.
///
/// A finding is printed, and the process aborted, so that libFuzzer keeps the input; or the finding is kept, and the
/// run goes on ([`KEEP`]).
pub fn run(checks: &mut impl Check, input: &Input) {
    look(checks, input);
    #[cfg(feature = "embedded")]
    crate::cpython_coverage::forget_own_coverage();
}

fn look(checks: &mut impl Check, input: &Input) {
    let Some(folder) = env::var_os(KEEP).map(PathBuf::from) else {
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
pub(crate) fn guarded(checks: &mut impl Check, input: &Input, depth: Depth) -> Result<Ending, Finding> {
    panics::caught(|| checks.check(input, depth)).unwrap_or_else(|said| {
        checks.reset();
        Err(Finding {
            kind: Kind::Panic,
            // The place; the message may quote the input.
            signature: said.lines().next().unwrap_or_default().trim_end_matches(':').to_owned(),
            causes: Box::default(),
            input: input.clone(),
            found_as: None,
            report: said.into(),
        })
    })
}

fn end(finding: &Finding) -> ! {
    stats::count(finding.kind.ending());
    report(finding);
    process::abort()
}

/// Ends the process, which cannot start.
pub fn cannot_start(why: &str) -> ! {
    eprintln!("sre-fuzz: cannot start: {why}");
    process::exit(1)
}

/// Prints a finding, and adds it to a file next to the stats: libFuzzer's `-fork` shows what its processes print
/// only when they crash.
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
