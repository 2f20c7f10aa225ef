//! Minimizing findings, and writing them into folders.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sre_case::Case;
use sre_oracle::minimize::minimize;
use sre_oracle::shell::quote;
use sre_support::atomic_file;
use sre_support::fnv::fnv1a;
use sre_support::visible::Shown;

use crate::commands;
use crate::finding::{Finding, Kind};
use crate::input::Input;
use crate::run::{Check, Depth, Interpreter, guarded};

/// Limits of tries and of time for minimizing, since libFuzzer reports an input that takes long as a hang.
const TRIES: usize = 2000;
const TIME: Duration = Duration::from_secs(8);

/// Returns the finding with the smallest case that still shows it, or unchanged if it cannot be
/// reproduced.
pub(crate) fn smallest(checks: &mut impl Check, finding: Finding) -> Finding {
    let mut again = |case: &Case, depth| {
        let input = Input { case: case.clone(), from_grammar: false };
        guarded(checks, &input, depth).err().filter(|found| found.name() == finding.name())
    };
    // A divergence of the code may be one of the tree if that is compared, too.
    let shows = |depth: &Depth| again(&finding.input.case, *depth).is_some();
    let Some(depth) = [Depth::Shallow, Depth::Full].into_iter().find(shows) else { return finding };
    let start = Instant::now();
    let mut smallest = None;
    minimize(&finding.input.case, TRIES, &mut |case| {
        let found = if start.elapsed() < TIME { again(case, depth) } else { None };
        let shows = found.is_some();
        smallest = found.or(smallest.take());
        shows
    });
    let found = match smallest {
        Some(found) => Finding { found_as: Some(Box::new(finding.input.case)), ..found },
        None => finding,
    };
    // The causes are the most accurate if trees are compared, too.
    let full = guarded(checks, &found.input, Depth::Full).err().filter(|full| full.kind == found.kind);
    Finding { causes: full.map_or(found.causes, |full| full.causes), ..found }
}

/// The files of the smallest case and of the original one.
const CASE: &str = "minimal.case";
const FOUND_AS: &str = "found-as.case";

/// Returns the absolute path of the folder of a finding's cause.
pub(crate) fn folder(finding: &Finding, root: &Path) -> PathBuf {
    let folder = root.join(folder_name(finding));
    std::path::absolute(&folder).unwrap_or(folder)
}

/// Writes a finding into a folder: the case, the report, and a script of commands that show it.
pub(crate) fn write(checks: &impl Check, finding: &Finding, folder: &Path) {
    let commands = commands(checks, finding, &folder.join(CASE));
    let write = || {
        std::fs::create_dir_all(folder)?;
        // It may belong to an earlier, larger case.
        let _ = std::fs::remove_file(folder.join(FOUND_AS));
        let file = |case: &Case| case.to_file().map_err(io::Error::other);
        let found_as = finding.found_as.as_ref().map(|case| file(case)).transpose()?;
        let found_as = found_as.map(|bytes| (FOUND_AS, bytes));
        let files = [
            ("report.txt", format!("{finding}\n").into_bytes()),
            ("show.sh", format!("#!/bin/sh\n{commands}").into_bytes()),
            (CASE, file(&finding.input.case)?),
        ];
        files
            .iter()
            .chain(&found_as)
            .try_for_each(|(name, bytes)| atomic_file::write(&folder.join(name), bytes))
    };
    if let Err(error) = write() {
        eprintln!("sre-fuzz: {}: {error}", folder.shown());
    }
}

/// Returns a readable, unique name for each likeliest cause, the same in every build.
fn folder_name(finding: &Finding) -> String {
    let name = finding.causes().direct.swap_remove(0);
    let mut words = String::new();
    for c in name.chars().take(80) {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => words.push(c.to_ascii_lowercase()),
            _ if words.ends_with('-') => {}
            _ => words.push('-'),
        }
    }
    format!("{}-{:08x}", words.trim_end_matches('-'), fnv1a(name.bytes()) as u32)
}

/// Returns the commands that show a finding: its own, both compilers if they differ, otherwise the
/// target.
fn commands(checks: &impl Check, finding: &Finding, file: &Path) -> String {
    if let Some(commands) = &finding.commands {
        return commands.0.clone();
    }
    match checks.python() {
        // The target compares with the interpreter that the environment names.
        Some(Interpreter { path: Some(path), .. }) if checks.target() == "match" => {
            let python = quote(&path.to_string_lossy());
            format!("PYO3_PYTHON={python} {}\n", commands::replay(checks.target(), file))
        }
        Some(python) if matches!(finding.kind, Kind::Divergence | Kind::Panic | Kind::Lost) => {
            let cpython = commands::python(&python, &finding.input.case);
            let pythons = quote(&commands::interpreter(python.path.as_deref()));
            let (sre, file) = (commands::sre(), quote(&file.to_string_lossy()));
            let version = python.version;
            format!("# CPython {version}:\n{cpython}\n{sre} compare --debug --pythons {pythons} {file}\n")
        }
        _ => commands::replay(checks.target(), file) + "\n",
    }
}

#[cfg(test)]
mod tests;
