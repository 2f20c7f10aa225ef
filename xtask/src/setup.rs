//! The tools that the commands need: a toolchain, cargo-fuzz, a C++ compiler and Python for fuzzing,
//! cargo-mutants, and LLVM's tools for coverage. What is missing is installed; where that is impossible,
//! the error says how to get it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, anyhow, bail};
use sre_support::visible::Shown;
use sre_support::{first_variable, variable};

use crate::shell::{cargo, finish, output, root, rustup_run, without_python_settings};

/// A toolchain that accepts the unstable flags of cargo-fuzz.
#[derive(Debug)]
pub(crate) struct Toolchain {
    /// The name in rustup.
    pub(crate) name: String,
    /// Whether it is a stable one, which accepts unstable flags only with `RUSTC_BOOTSTRAP=1`.
    pub(crate) bootstrap: bool,
    /// The target triple of this machine.
    pub(crate) host: String,
}

/// A Python interpreter, and the library to link, if it has one.
#[derive(Debug)]
pub(crate) struct Python {
    /// The version, such as `3.13.0`.
    pub(crate) version: String,
    /// The shared library.
    pub(crate) library: Option<PathBuf>,
}

impl Toolchain {
    /// Returns an installed nightly, or else installs one, or else returns the active stable toolchain.
    pub(crate) fn find() -> Result<Toolchain> {
        let installed =
            output(Command::new("rustup").args(["toolchain", "list", "--quiet"])).map_err(|why| {
                anyhow!(
                    "rustup is needed to build with libFuzzer's instrumentation: https://rustup.rs\n{why:#}"
                )
            })?;
        let names: Vec<&str> = installed.lines().filter_map(|line| line.split_whitespace().next()).collect();
        // `nightly` is preferred to one with a date.
        let nightly = names.iter().filter(|name| name.starts_with("nightly")).max_by_key(|name| {
            let dated = name["nightly".len()..].starts_with("-2");
            (!dated, name.to_string())
        });
        if let Some(name) = nightly {
            return Toolchain::named(name, false);
        }
        eprintln!("setup: installing a nightly toolchain, since there is none");
        let mut install = Command::new("rustup");
        install.args(["toolchain", "install", "nightly", "--profile", "minimal", "--no-self-update"]);
        match finish(&mut install, None) {
            Ok(()) => Toolchain::named("nightly", false),
            Err(why) => {
                eprintln!(
                    "setup: cannot install a nightly: {why:#}\nsetup: using the stable toolchain with \
                     RUSTC_BOOTSTRAP=1 instead. To get a nightly: rustup toolchain install nightly"
                );
                let active =
                    output(Command::new("rustup").args(["show", "active-toolchain"]).current_dir(root()))?;
                Toolchain::named(active.split_whitespace().next().unwrap_or("stable"), true)
            }
        }
    }

    fn named(name: &str, bootstrap: bool) -> Result<Toolchain> {
        let about = output(rustup_run(name, "rustc").arg("-vV"))?;
        let host = about.lines().find_map(|line| line.strip_prefix("host: "));
        let host = host.with_context(|| format!("rustc -vV of {name} prints no host"))?.to_owned();
        Ok(Toolchain { name: name.to_owned(), bootstrap, host })
    }

    /// Returns a command that runs its cargo.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = rustup_run(&self.name, "cargo");
        if self.bootstrap {
            command.env("RUSTC_BOOTSTRAP", "1");
        }
        command
    }
}

/// Installs cargo-fuzz if it is missing. Returns its version.
pub(crate) fn cargo_fuzz(toolchain: &Toolchain) -> Result<String> {
    cargo_tool("fuzz", || toolchain.cargo())
}

/// Installs cargo-mutants if it is missing. Returns its version.
pub(crate) fn cargo_mutants() -> Result<String> {
    cargo_tool("mutants", cargo)
}

/// Returns whether cargo-mutants is installed.
pub(crate) fn has_cargo_mutants() -> bool {
    output(cargo().args(["mutants", "--version"])).is_ok()
}

/// Installs `cargo-NAME` if it is missing. Returns its version.
fn cargo_tool(name: &str, cargo: impl Fn() -> Command) -> Result<String> {
    if let Ok(version) = output(cargo().args([name, "--version"])) {
        return Ok(version);
    }
    let tool = format!("cargo-{name}");
    eprintln!("setup: installing {tool}, which takes some minutes");
    // With the toolchain of this program: the lock file of cargo-fuzz may be too new for an old nightly.
    let mut install = Command::new("cargo");
    install.args(["install", &tool, "--locked"]).env_remove("CARGO_TARGET_DIR").current_dir(root());
    finish(&mut install, None).map_err(|why| {
        anyhow!(
            "cannot install {tool}: {why:#}\nTo get it: cargo install {tool} --locked, with access to crates.io"
        )
    })?;
    output(cargo().args([name, "--version"])).map_err(|why| {
        anyhow!("{tool} was installed, but cargo does not find it; is ~/.cargo/bin on the PATH?\n{why:#}")
    })
}

/// The tools that read the counters of an instrumented program.
#[derive(Debug)]
pub(crate) struct LlvmTools {
    /// The folder that contains them.
    pub(crate) folder: PathBuf,
    /// The target triple of this machine.
    pub(crate) host: String,
}

/// Adds llvm-profdata and llvm-cov to the active toolchain, which need its version, if they are missing.
pub(crate) fn llvm_tools() -> Result<LlvmTools> {
    let rustc = |argument: &[&str]| output(Command::new("rustc").args(argument).current_dir(root()));
    let (sysroot, about) = (rustc(&["--print", "sysroot"])?, rustc(&["-vV"])?);
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc does not say its host")?.to_owned();
    let folder = PathBuf::from(sysroot).join("lib/rustlib").join(&host).join("bin");
    let is_there = || ["llvm-profdata", "llvm-cov"].iter().all(|tool| folder.join(tool).exists());
    if !is_there() {
        eprintln!("setup: adding llvm-tools to the toolchain");
        let mut add = Command::new("rustup");
        let how = "To get them: rustup component add llvm-tools";
        finish(add.args(["component", "add", "llvm-tools"]).current_dir(root()), None)
            .map_err(|why| anyhow!("cannot add llvm-tools: {why:#}\n{how}"))?;
        if !is_there() {
            bail!("rustup added llvm-tools, but they are not in {}\n{how}", folder.shown());
        }
    }
    Ok(LlvmTools { folder, host })
}

/// Finds a C++ compiler, which libFuzzer is built with. Returns its name and version.
pub(crate) fn cxx_compiler() -> Result<String> {
    let named = first_variable(&["CXX"]).map(|(_, compiler)| compiler);
    let candidates = named.iter().map(String::as_str).chain(["c++", "g++", "clang++"]);
    for compiler in candidates {
        if let Ok(version) = output(Command::new(compiler).arg("--version")) {
            return Ok(version.lines().next().unwrap_or(compiler).to_owned());
        }
    }
    Err(anyhow!(
        "a C++ compiler is needed to build libFuzzer; xtask cannot install one.\n\
         To get it: apt-get install g++, dnf install gcc-c++, xcode-select --install"
    ))
}

impl Python {
    /// Returns the interpreter that the build links.
    pub(crate) fn find() -> Result<Python> {
        let mut python = Python::command();
        let about = output(python.current_dir(root()).args(["-I", "-c", ASK])).map_err(|why| {
            anyhow!(
                "python3 is needed for the comparison; xtask cannot install it.\n\
                 To get it: apt-get install python3-dev, or https://www.python.org\n{why:#}"
            )
        })?;
        let mut lines = about.lines();
        let version = lines.next().unwrap_or_default().to_owned();
        let library = lines.next().filter(|path| !path.is_empty()).map(PathBuf::from);
        Ok(Python { version, library })
    }

    /// Returns a command that runs the executable that PyO3's build script chooses, without the user's settings.
    pub(crate) fn command() -> Command {
        let folder = |name| variable(name).map(PathBuf::from);
        let environment = match (folder("VIRTUAL_ENV"), folder("CONDA_PREFIX")) {
            (Some(environment), None) | (None, Some(environment)) => Some(environment.join("bin/python")),
            _ => None,
        };
        let is_python_3 = |name: &&str| {
            let version = Command::new(name).arg("--version").output();
            version.is_ok_and(|version| version.stdout.starts_with(b"Python 3"))
        };
        let on_path = || ["python", "python3"].into_iter().find(is_python_3).unwrap_or("python3").into();
        let named = folder("PYO3_PYTHON").or(environment);
        let mut command = Command::new(named.unwrap_or_else(on_path));
        without_python_settings(&mut command);
        command
    }
}

/// Prints the version, and the path of the shared library or an empty line.
const ASK: &str = "\
import os, platform, sys, sysconfig
get = sysconfig.get_config_var
path = os.path.join(get('LIBDIR') or '', get('LDLIBRARY') or '')
shared = get('Py_ENABLE_SHARED') and os.path.exists(path)
usable = shared and platform.python_implementation() == 'CPython' and sys.version_info >= (3, 9)
print(platform.python_version())
print(path if usable else '')
";
