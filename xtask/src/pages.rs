//! The step `pages`: makes each HTML page of this project, and looks at it in Chromium.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, Result};
use sre_support::variable;
use sre_support::visible::Shown;
use sre_test_support::Prerequisite;

use crate::setup::Python;
use crate::shell::{cargo, make_folder, output, root, target};
use crate::test::{Context, StepResult, skipped};

/// The names of Chromium in Debian, Fedora and Google's packages.
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// What npm reads.
const PACKAGE: [&str; 2] = ["package.json", "package-lock.json"];

pub(crate) fn step(context: &Context) -> Result<StepResult> {
    let Some(chromium) = chromium() else {
        return skipped(Prerequisite::Browser, "no Chromium; CHROMIUM names one".to_owned());
    };
    for tool in ["node", "npm"] {
        if output(Command::new(tool).arg("--version")).is_err() {
            return skipped(Prerequisite::Browser, format!("no {tool}"));
        }
    }
    let folder = target().join("xtask/pages");
    make_folder(&folder)?;
    let pages = make_pages(context, &folder)?;
    for name in PACKAGE {
        let from = root().join("xtask/pages").join(name);
        fs::copy(&from, folder.join(name)).with_context(|| from.shown().to_string())?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--prefer-offline"]).current_dir(&folder);
    if let Err(why) = context.run(&mut npm) {
        return skipped(Prerequisite::Browser, format!("npm cannot install playwright-core: {why:#}"));
    }
    let mut check = Command::new("node");
    check.current_dir(&folder).arg(root().join("xtask/pages/check.mjs")).arg(chromium).arg(&folder);
    context.run(check.args(&pages))?;
    Ok(StepResult::Passed(context.printed().lines().last().unwrap_or_default().to_owned()))
}

fn chromium() -> Option<PathBuf> {
    if let Some(named) = variable("CHROMIUM") {
        return Some(named.into());
    }
    let path = env::var_os("PATH")?;
    let mut files =
        CHROMIUM.iter().flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)));
    files.find(|file| file.is_file())
}

/// Makes the pages of `bench`, of `sre soak` with and without a leak, of `sre memory`, and, if there is an
/// interpreter, of `sre coverage`.
fn make_pages(context: &Context, folder: &Path) -> Result<Vec<PathBuf>> {
    for package in ["sre-cli", "sre-benches"] {
        let mut build = cargo();
        build.args(["build", "--package", package, "--bins"]).args(context.features());
        context.run(&mut build)?;
    }
    let program = |name: &str| {
        let mut program = Command::new(target().join("debug").join(name));
        program.current_dir(root()).env_remove("SRE_SOAK_INJECT");
        program
    };
    let mut bench = program("bench");
    context.run(bench.args(["--quick", "--compare", "--growth", "--output"]).arg(folder))?;
    let mut pages = vec![folder.join("index.html")];
    let short = ["soak", "--minutes", "0.1", "--output"];
    for name in ["soak.html", "leak.html"] {
        let mut soak = program("sre");
        soak.args(short).arg(folder.join(name));
        if name == "leak.html" {
            // Ends with exit status 2, since it finds the leak.
            soak.env("SRE_SOAK_INJECT", "retain");
            let _ = output(&mut soak);
        } else {
            context.run(&mut soak)?;
        }
        pages.push(folder.join(name));
    }
    context.run(program("sre").args(["memory", "--output"]).arg(folder))?;
    pages.push(folder.join("memory.html"));
    if Python::find().is_ok() {
        context.run(program("sre").args(["corpus", "coverage", "--output"]).arg(folder))?;
        pages.push(folder.join("coverage.html"));
    }
    Ok(pages)
}
