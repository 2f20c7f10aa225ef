//! The step `pyodide`: compares with CPythons of further patch levels, which are built for WebAssembly.

use std::fs;
use std::process::Command;

use anyhow::{Result, ensure};

use sre_support::visible::Shown;

use crate::shell::{cargo, output, root, target};
use crate::test::{Context, StepResult};

pub(crate) fn step(context: &Context) -> Result<StepResult> {
    for tool in ["node", "npm"] {
        if output(Command::new(tool).arg("--version")).is_err() {
            return Ok(StepResult::Skipped(format!("no {tool}")));
        }
    }
    let folder = target().join("xtask/pyodide");
    let mut install = Command::new(root().join("oracle/pyodide/install.sh"));
    if let Err(why) = context.run(install.arg(&folder)) {
        return Ok(StepResult::Skipped(format!("Pyodide cannot be installed: {why:#}")));
    }
    let entries = fs::read_dir(&folder)?.flatten().map(|entry| entry.path().join("bin/python3"));
    let mut pythons: Vec<String> =
        entries.filter(|path| path.is_file()).map(|path| path.to_string_lossy().into_owned()).collect();
    pythons.sort();
    ensure!(!pythons.is_empty(), "{}: no interpreter was installed", folder.shown());
    // One at a time: each takes both processors while it starts.
    for python in &pythons {
        let mut sre = cargo();
        sre.args(["run", "--quiet", "--package", "sre-cli"]).args(context.features());
        sre.args(["--bin", "sre", "--", "compare", "corpus", "--pythons", python]);
        context.run(sre.current_dir(root()).env_remove("SRE_PYTHONS"))?;
    }
    Ok(StepResult::Passed(format!("{} interpreters built for WebAssembly", pythons.len())))
}
