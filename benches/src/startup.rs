//! What starting the command costs.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::statistics::Spread;

/// How long a command takes from its start to its end.
#[derive(Debug, Serialize)]
pub struct Startup {
    /// What was run.
    pub command: String,
    /// Nanoseconds.
    pub time: Spread,
}

const PATTERN: &str = r"(?P<user>\w+)@example\.org";

/// Times `sre compile` of one pattern beside Python doing the same, and a program that does nothing, in turns.
///
/// `sre` is run where no Python can start: the search path is empty, and Python's home is a folder that does not exist.
///
/// # Errors
/// If a command fails, so if `sre` needs a Python.
pub fn time(sre: &Path, rounds: usize) -> Result<Vec<Startup>> {
    let mut commands = vec![("sre compile PATTERN".to_owned(), sre_compile(sre))];
    let script = format!("import re; re.compile(r'{PATTERN}')");
    let mut with_python = Command::new(python());
    with_python.args(["-I", "-c", &script]);
    commands.push(("python3 -I -c 'import re; re.compile(PATTERN)'".to_owned(), with_python));
    commands.push(("true, which does nothing".to_owned(), Command::new("true")));
    let mut times = vec![Vec::new(); commands.len()];
    let mut kept = Vec::new();
    for (name, mut command) in commands {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Only ours has to be there.
        match command.status() {
            Ok(status) if status.success() => kept.push((name, command)),
            Ok(status) => ensure!(!kept.is_empty(), "{name}: {status}"),
            Err(error) if kept.is_empty() => return Err(error).context(name),
            Err(_) => {}
        }
    }
    for _ in 0..rounds {
        for ((_, command), times) in kept.iter_mut().zip(&mut times) {
            let start = Instant::now();
            command.status()?;
            times.push(start.elapsed().as_nanos() as f64);
        }
    }
    let startup =
        |((command, _), times): ((String, Command), Vec<f64>)| Startup { command, time: Spread::of(times) };
    Ok(kept.into_iter().zip(times).map(startup).collect())
}

/// The interpreter itself: what is on the search path may be a script that finds it first.
fn python() -> OsString {
    let python = std::env::var_os("PYO3_PYTHON").unwrap_or_else(|| "python3".into());
    let asked = Command::new(&python).args(["-I", "-c", "import sys; print(sys.executable)"]).output();
    let found = asked.ok().filter(|output| output.status.success());
    let path = found.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    path.filter(|path| !path.is_empty()).map_or(python, OsString::from)
}

fn sre_compile(sre: &Path) -> Command {
    let mut command = Command::new(sre);
    command.args(["compile", PATTERN]).env("PATH", "").env("PYTHONHOME", "/nonexistent");
    command
}
