//! A run of libFuzzer: findings end it, unless the environment asks to go on past divergences.

use std::cell::RefCell;
use std::collections::HashSet;
use std::env;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;

use crate::figures;
use crate::finding::{Finding, Kind};

/// The environment variable that names a folder: divergences are kept there, one case file for each signature, and
/// the run goes on.
pub const KEEP_DIVERGENCES: &str = "SRE_FUZZ_KEEP_DIVERGENCES";

thread_local! {
    static SEEN: RefCell<HashSet<String>> = RefCell::default();
}

/// Takes the result of a check within libFuzzer.
///
/// A finding is printed, and the process aborted, so that libFuzzer keeps the input. Divergences can be collected
/// instead ([`KEEP_DIVERGENCES`]): each signature is printed once.
pub fn conclude(result: Result<(), Finding>) {
    let Err(finding) = result else { return };
    match env::var_os(KEEP_DIVERGENCES) {
        Some(folder) if finding.kind == Kind::Divergence => {
            if SEEN.with_borrow_mut(|seen| seen.insert(finding.signature.clone())) {
                keep(&finding, &PathBuf::from(folder));
                report(&finding);
            }
        }
        _ => {
            report(&finding);
            process::abort();
        }
    }
}

/// Ends the process, which cannot start.
pub fn cannot_start(why: &str) -> ! {
    eprintln!("sre-fuzz: cannot start: {why}");
    process::exit(1)
}

/// Prints a finding, and adds it to a file next to the figures: libFuzzer's `-fork` shows what its processes print
/// only when they crash.
fn report(finding: &Finding) {
    eprintln!("\n{finding}");
    if let Some(folder) = env::var_os(figures::FOLDER) {
        let path = PathBuf::from(folder).join(format!("{}.reports", process::id()));
        let file = OpenOptions::new().append(true).create(true).open(&path);
        if let Err(error) = file.and_then(|mut file| writeln!(file, "{finding}")) {
            eprintln!("sre-fuzz: {}: {error}", path.display());
        }
    }
}

/// Writes the case into the folder, unless there is one of this signature.
fn keep(finding: &Finding, folder: &Path) {
    let name = finding.signature.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let path = folder.join(name.take(100).collect::<String>());
    let file = OpenOptions::new().write(true).create_new(true).open(&path);
    match file.and_then(|mut file| file.write_all(&finding.input.case.encode())) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            eprintln!("sre-fuzz: {}: {error}", path.display());
        }
        _ => {}
    }
}
