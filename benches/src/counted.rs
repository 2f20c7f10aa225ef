//! Counts instructions instead of nanoseconds: valgrind's callgrind counts those executed within [`measured`].
//! The counts do not depend on the load of the machine, and need no privileges.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;

/// Instructions of one pass.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Counts {
    /// Number of patterns: all that the engine accepts, or a regular sample of them.
    pub patterns: usize,
    /// Instructions of the engine.
    pub engine: u64,
    /// Instructions of sre-compiler for the same patterns.
    pub sre: u64,
}

/// Runs `work`; each call gives one count. callgrind finds this function by its name.
#[inline(never)]
pub fn measured(work: &mut dyn FnMut()) {
    work();
}

/// The name of [`measured`] in the symbol table.
const MEASURED: &str = "sre_benches::counted::measured";

/// Returns whether valgrind is installed.
pub fn available() -> bool {
    let mut version = Command::new("valgrind");
    version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

/// Runs `bench-pass`, which lies next to this program, and returns the instructions of each call of [`measured`], in order.
///
/// # Errors
/// If the program fails, or nothing was counted.
pub fn count(arguments: &[&str]) -> Result<Vec<u64>> {
    let folder = tempfile::tempdir()?;
    let program = std::env::current_exe()?.with_file_name("bench-pass");
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--quiet"]);
    valgrind.arg(format!("--toggle-collect={MEASURED}")).arg(format!("--dump-after={MEASURED}"));
    valgrind.arg(format!("--callgrind-out-file={}", folder.path().join("counts").to_string_lossy()));
    // Makes the order of Python's sets the same in each run.
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
