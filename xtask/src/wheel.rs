//! `cargo xtask wheel`: builds the wheel of the command and tests it in fresh environments.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use sre_support::visible::Shown;

use crate::shell::{finish, make_empty_folder, make_folder, output, root, target};

/// Build the wheel of the command `sre`, and test it in a fresh environment.
///
/// Installs maturin, zig and uv from PyPI into target/wheel.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Where to write the wheel. [default: target/wheel/dist]
    #[arg(long, short, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Test the wheel in this file instead of building one.
    #[arg(long, value_name = "WHEEL")]
    test: Option<PathBuf>,
}

pub(crate) fn command(arguments: &Arguments) -> Result<ExitCode> {
    let folder = target().join("wheel");
    let tools = folder.join("tools");
    let bin = venv(&tools)?;
    pip(&bin, &["--upgrade", "maturin>=1.8,<2", "ziglang>=0.13", "uv", "wheel>=0.45"])?;
    let wheel = match &arguments.test {
        Some(wheel) => env::current_dir()?.join(wheel),
        None => {
            let dist = arguments.output.clone().unwrap_or_else(|| folder.join("dist"));
            let dist = env::current_dir()?.join(dist);
            let wheel = build(&bin, &dist)?;
            add_pages(&wheel, &bin, &folder.join("unpacked"))?;
            wheel
        }
    };
    test(&wheel, &folder, &bin)?;
    println!("{}", wheel.shown());
    Ok(ExitCode::SUCCESS)
}

/// Builds the wheel. Zig links it against an old libc, so that it runs on old systems, too.
fn build(bin: &Path, dist: &Path) -> Result<PathBuf> {
    if dist.exists() {
        for entry in fs::read_dir(dist)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "whl") {
                fs::remove_file(path)?;
            }
        }
    }
    let mut maturin = Command::new(bin.join("maturin"));
    maturin.args(["build", "--release", "--out"]).arg(dist).current_dir(root());
    if cfg!(target_os = "linux") {
        maturin.args(["--zig", "--compatibility", "manylinux_2_17"]);
    }
    maturin.env("PATH", path_with(bin)?);
    finish(&mut maturin, None)?;
    let mut wheels = Vec::new();
    for entry in fs::read_dir(dist).with_context(|| dist.shown().to_string())? {
        wheels.push(entry?.path());
    }
    wheels.retain(|path| path.extension().is_some_and(|extension| extension == "whl"));
    ensure!(wheels.len() == 1, "{} contains {} wheels, not one", dist.shown(), wheels.len());
    Ok(wheels.remove(0))
}

/// The completions in the wheel: the shell, and the file where it looks for them below the prefix of the
/// installation.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "share/bash-completion/completions/sre"),
    ("zsh", "share/zsh/site-functions/_sre"),
    ("fish", "share/fish/vendor_completions.d/sre.fish"),
];

/// The folder of the man pages.
const MAN: &str = "share/man/man1";

/// Adds the man pages and completions to a wheel, as the command in it writes them.
fn add_pages(wheel: &Path, bin: &Path, work: &Path) -> Result<()> {
    make_empty_folder(work)?;
    let python = bin.join("python");
    finish(Command::new(&python).args(["-m", "wheel", "unpack", "--dest"]).arg(work).arg(wheel), None)?;
    let unpacked = only_entry(work, "")?;
    let data = only_entry(&unpacked, ".data")?;
    let sre = data.join("scripts").join(if cfg!(windows) { "sre.exe" } else { "sre" });
    let share = data.join("data");
    make_folder(&share.join(MAN))?;
    finish(Command::new(&sre).arg("man").arg(share.join(MAN)), None)?;
    for (shell, file) in COMPLETIONS {
        let file = share.join(file);
        make_folder(file.parent().unwrap_or(&share))?;
        fs::write(&file, output(Command::new(&sre).args(["completions", shell]))?)
            .with_context(|| file.shown().to_string())?;
    }
    let dist = wheel.parent().context("the wheel is in no folder")?;
    finish(Command::new(&python).args(["-m", "wheel", "pack", "--dest-dir"]).arg(dist).arg(&unpacked), None)?;
    ensure!(wheel.exists(), "the wheel got another name than {}", wheel.shown());
    Ok(())
}

/// Returns the only entry of a folder whose name ends like this.
fn only_entry(folder: &Path, end: &str) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| folder.shown().to_string())?;
    let mut found: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    found.retain(|path| path.as_os_str().to_string_lossy().ends_with(end));
    ensure!(found.len() == 1, "{} has {} entries *{end}, not one", folder.shown(), found.len());
    Ok(found.remove(0))
}

/// Checks that the man pages and completions of an installation are those that its command writes.
fn check_pages(prefix: &Path, sre: &Path) -> Result<()> {
    let page = fs::read_to_string(prefix.join(MAN).join("sre-check.1")).context("sre-check.1")?;
    ensure!(page.contains(".TH") && page.contains("target"), "not a man page of `sre check`:\n{page}");
    let pages = fs::read_dir(prefix.join(MAN))?.count();
    for (shell, file) in COMPLETIONS {
        let installed = fs::read_to_string(prefix.join(file)).with_context(|| file.to_owned())?;
        let written = output(Command::new(sre).args(["completions", shell]))?;
        ensure!(installed.trim() == written.trim() && !installed.is_empty(), "{file} is not current");
    }
    println!("{pages} man pages, completions of {} shells", COMPLETIONS.len());
    Ok(())
}

/// A call that 3.10 refuses, and where.
const SOURCE: &str = "import re\nNAME = r'\\w++'\nre.compile(NAME)\n";
const FINDING: &str = "a.py:2:13: SRE001 Python 3.9 to 3.10: error: multiple repeat\n";

fn test(wheel: &Path, folder: &Path, tools: &Path) -> Result<()> {
    let name = wheel.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    ensure!(name.starts_with("sre_cli-") && name.contains("-py3-none-"), "unexpected name {name:?}");
    if cfg!(target_os = "linux") {
        ensure!(name.contains("manylinux_2_17"), "{name:?} is not for manylinux_2_17");
    }
    let fresh = folder.join("fresh");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    let bin = venv(&fresh)?;
    pip(&bin, &["--no-index", &wheel.to_string_lossy()])?;
    let sre = bin.join("sre");
    if cfg!(target_os = "linux") {
        let libraries = output(Command::new("ldd").arg(&sre))?;
        ensure!(!libraries.contains("python"), "the command links a libpython:\n{libraries}");
    }
    check_pages(&fresh, &sre)?;
    let project = folder.join("project");
    fs::create_dir_all(&project)?;
    fs::write(project.join("a.py"), SOURCE)?;
    check("pip", Command::new(&sre), &project)?;
    let mut uvx = Command::new(tools.join("uvx"));
    uvx.args(["--no-cache", "--from"]).arg(wheel).arg("sre");
    check("uvx", uvx, &project)
}

/// Runs `sre check` in a folder with [`SOURCE`].
fn check(what: &str, mut command: Command, folder: &Path) -> Result<()> {
    command.args(["check", "--target", "3.9..3.12", "--format", "concise", "--source", "a.py"]);
    let output = command.current_dir(folder).env_remove("PYTHONPATH").output()?;
    let found = String::from_utf8_lossy(&output.stdout);
    if output.status.code() != Some(2) || found != FINDING {
        let error = String::from_utf8_lossy(&output.stderr);
        bail!("{what}: sre check: {}, printed {found:?}\n{error}", output.status);
    }
    println!("{what}: sre check works");
    Ok(())
}

/// Creates a virtual environment unless there is one. Returns the folder of its programs.
fn venv(folder: &Path) -> Result<PathBuf> {
    let bin = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    if !bin.exists() {
        finish(Command::new("python3").args(["-m", "venv"]).arg(folder), None)?;
    }
    Ok(bin)
}

fn pip(bin: &Path, packages: &[&str]) -> Result<()> {
    let mut pip = Command::new(bin.join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages);
    finish(&mut pip, None)
}

/// Returns the search path with a folder in front: maturin starts zig by its name.
fn path_with(bin: &Path) -> Result<std::ffi::OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [bin.to_owned()].into_iter().chain(env::split_paths(&path));
    env::join_paths(folders).context("PATH")
}
