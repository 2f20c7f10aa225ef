//! Instructions instead of nanoseconds: what valgrind's callgrind counts within [`measured`], and nowhere else.
//! They do not depend on what else the machine does, and need no privileges.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;

/// Instructions of one pass.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Counts {
    /// How many patterns: all that the side accepts, or every so many-th of them.
    pub patterns: usize,
    /// The side's instructions.
    pub side: u64,
    /// Ours, for the same patterns.
    pub ours: u64,
}

/// What is counted: each call gives one number. Its name is what callgrind is told.
#[inline(never)]
pub fn measured(work: &mut dyn FnMut()) {
    work();
}

/// As the symbol table has it.
const MEASURED: &str = "sre_benches::counted::measured";

/// Is there a valgrind?
pub fn available() -> bool {
    let mut version = Command::new("valgrind");
    version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

/// Runs `bench-pass`, which lies beside this program: the instructions of each call of [`measured`], in order.
///
/// # Errors
/// If it fails, or nothing was counted.
pub fn count(arguments: &[&str]) -> Result<Vec<u64>> {
    let folder = tempfile::tempdir()?;
    let program = std::env::current_exe()?.with_file_name("bench-pass");
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--quiet"]);
    valgrind.arg(format!("--toggle-collect={MEASURED}")).arg(format!("--dump-after={MEASURED}"));
    valgrind.arg(format!("--callgrind-out-file={}", folder.path().join("counts").to_string_lossy()));
    // The order of Python's sets and dictionaries shall be the same each time.
    valgrind.arg(program).args(arguments).env("PYTHONHASHSEED", "0");
    let output = valgrind.stdin(Stdio::null()).output().context("valgrind")?;
    if !output.status.success() {
        bail!("bench-pass under valgrind: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    let mut counts = Vec::new();
    // Dumps are numbered from 1; the last, at the end of the program, has no number.
    while let Some(total) = read_total(&folder.path().join(format!("counts.{}", counts.len() + 1)))? {
        counts.push(total);
    }
    ensure!(counts.iter().any(|&count| count > 0), "valgrind counted nothing: {MEASURED} was not found");
    Ok(counts)
}

fn read_total(file: &Path) -> Result<Option<u64>> {
    if !file.exists() {
        return Ok(None);
    }
    let content = fs::read_to_string(file)?;
    let total =
        content.lines().find_map(|line| line.strip_prefix("totals: ")).context("a dump without totals")?;
    Ok(Some(total.trim().parse()?))
}
