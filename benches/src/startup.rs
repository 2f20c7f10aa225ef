//! Measures how long the command takes from its start to its end.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use sre_report::statistics::Spread;

/// The time of a command from its start to its end.
#[derive(Debug, Serialize)]
pub struct Startup {
    /// The command, as shown to the reader.
    pub command: String,
    /// Time in nanoseconds.
    pub time: Spread,
}

const PATTERN: &str = r"(?P<user>\w+)@example\.org";

/// Times `sre compile` of one pattern, Python doing the same, and a program that does nothing, in turns.
///
/// `sre` runs with an empty search path and a PYTHONHOME that does not exist, so it cannot start a Python.
///
/// # Errors
/// If `sre` cannot be run.
pub fn time(sre: &Path, rounds: usize) -> Result<Vec<Startup>> {
    let mut commands = vec![("sre compile PATTERN".to_owned(), sre_compile(sre))];
    let script = format!("import re; re.compile(r'{PATTERN}')");
    let mut with_python = Command::new(python());
    with_python.args(["-I", "-c", &script]);
    commands.push(("python3 -I -c 'import re; re.compile(PATTERN)'".to_owned(), with_python));
    commands.push(("true, which does nothing".to_owned(), Command::new("true")));
    let mut times = vec![Vec::new(); commands.len()];
    let mut found = Vec::new();
    for (name, mut command) in commands {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Only sre, the first, has to exist.
        match command.status() {
            Ok(status) if status.success() => found.push((name, command)),
            Ok(status) => ensure!(!found.is_empty(), "{name}: {status}"),
            Err(error) if found.is_empty() => return Err(error).context(name),
            Err(_) => {}
        }
    }
    for _ in 0..rounds {
        for ((_, command), times) in found.iter_mut().zip(&mut times) {
            let start = Instant::now();
            command.status()?;
            times.push(start.elapsed().as_nanos() as f64);
        }
    }
    let startup =
        |((command, _), times): ((String, Command), Vec<f64>)| Startup { command, time: Spread::of(times) };
    Ok(found.into_iter().zip(times).map(startup).collect())
}

/// Returns the interpreter itself, because `python3` on the search path may be a script that looks for it.
fn python() -> OsString {
    let python = sre_support::variable("PYO3_PYTHON").unwrap_or_else(|| "python3".into());
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
