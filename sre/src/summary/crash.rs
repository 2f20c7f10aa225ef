//! Printing crashes of interpreters, with what they write, and cases without an answer.

use std::io;
use std::io::Write;
use std::path::PathBuf;

use sre_case::{Case, Outcome};
use sre_oracle::pythons::{self, Allowed, Python};
use sre_oracle::shell::quote;
use sre_oracle::{Divergence, Stats, crash_of_case, is_crash, pattern_argument};
use sre_support::visible::Shown;

use crate::messages::{LABEL, styled};
use crate::program::this_program;

/// Limit of crashes that are repeated to show what the interpreter writes.
const REPEATED: usize = 5;

/// Writes the cases for which an interpreter gave no outcome.
pub(super) fn write_lost(out: &mut impl Write, stats: &Stats) -> io::Result<()> {
    let mut repeated = 0;
    for (case, why) in &stats.lost {
        let crashed = is_crash(why);
        write!(out, "\n{}\n  {} {}\n", case.excerpt(), label("python"), stats.python.shown())?;
        writeln!(out, "  {} {}", label(if crashed { "crash" } else { "no answer" }), why.shown())?;
        let Some(argument) = stats.interpreter.as_deref().filter(|_| crashed) else { continue };
        repeated += 1;
        if repeated <= REPEATED {
            write_output(out, argument, &stats.python, case)?;
        }
        if let Some(pattern) = pattern_argument(case) {
            let (label, program, python) = (label("reproduce"), this_program(), quote(argument));
            writeln!(out, "  {label} {program} compare --pythons {python} {pattern}")?;
        }
    }
    Ok(())
}

/// Writes what the tested interpreter writes, if the divergence is that it crashes.
pub(super) fn write_tested(out: &mut impl Write, divergence: &Divergence) -> io::Result<()> {
    match (&divergence.rust, &divergence.tested) {
        (Outcome::NoAnswer { why }, Some(tested)) if is_crash(why) => {
            writeln!(out, "  {} {}, {}", label("crash"), tested.label.shown(), tested.argument.shown())?;
            write_output(out, &tested.argument, &tested.label, &divergence.case)
        }
        _ => Ok(()),
    }
}

/// Writes what an interpreter writes when it crashes once more.
fn write_output(out: &mut impl Write, argument: &str, label: &str, case: &Case) -> io::Result<()> {
    let Some(path) = executable(argument, label) else { return Ok(()) };
    let lines = crash_of_case(&path, case);
    if lines.is_empty() {
        writeln!(out, "    not seen again in a new process")?;
    }
    lines.iter().try_for_each(|line| writeln!(out, "    {}", line.shown()))
}

/// Returns the executable of an interpreter, if it is found here: results may come from elsewhere.
fn executable(argument: &str, label: &str) -> Option<PathBuf> {
    let is_same = |python: &Python| python.info.label() == label;
    let found = match argument.contains(['/', '\\']) {
        true => pythons::at(argument).ok(),
        false => pythons::select_with(&[argument.to_owned()], Allowed::Any, |_| ()).ok()?.pop(),
    };
    found.filter(is_same).map(|python| python.path)
}

fn label(name: &str) -> String {
    styled(LABEL, format!("{name:10}")).to_string()
}
