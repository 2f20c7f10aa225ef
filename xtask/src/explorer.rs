//! The page in `explorer/`: its WebAssembly modules, its bundle, its tests.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Result, bail};
use clap::Args;
use sre_support::visible::Shown;

use crate::shell::{cargo, finish, make_folder, output, root, target};
use crate::test::{Context, StepResult};

/// Build the page that shows every CPython's answer to a pattern, into explorer/dist.
///
/// Needs Node.js 20 with npm. The modules are built for wasm32-unknown-unknown with the standard library's
/// source (rustup component add rust-src), else with rustup's target if it is installed, else with Debian's Rust,
/// which explorer/get-wasm.sh unpacks.
///
/// Exit status: 0 built; 1 cannot build; 2 with --check, a test failed.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Serve the page at http://localhost:4316 once it is built.
    #[arg(long)]
    serve: bool,
    /// Run the tests of the page, in Chromium.
    #[arg(long, conflicts_with = "serve")]
    check: bool,
}

pub(crate) fn command(arguments: &Arguments) -> Result<ExitCode> {
    build(&|command| finish(command, None))?;
    if arguments.check
        && let Err(why) = check(&|command| finish(command, None), &[])
    {
        eprintln!("{why:#}");
        return Ok(ExitCode::from(2));
    }
    if arguments.serve {
        finish(npm().args(["run", "serve"]), None)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The step of `cargo xtask test`.
pub(crate) fn step(context: &Context) -> Result<StepResult> {
    for (program, why) in [("node", "Node.js"), ("npm", "npm")] {
        if output(Command::new(program).arg("--version")).is_err() {
            return Ok(StepResult::Skipped(format!("{why} is missing; see explorer/README.md")));
        }
    }
    if !chromium().exists() {
        let why = format!("no Chromium at {}; apt-get install chromium, or set CHROMIUM", chromium().shown());
        return Ok(StepResult::Skipped(why));
    }
    if let Err(why) = toolchain() {
        return Ok(StepResult::Skipped(format!("cannot build for wasm32-unknown-unknown: {why:#}")));
    }
    build(&|command| context.run(command))?;
    // A test that depends on the time of a shared machine fails without a cause.
    check(&|command| context.run(command.env("SRE_EXPLORER_TIMES", "0")), context.features())?;
    let printed = context.printed();
    let passed = printed.lines().rev().find_map(|line| line.trim_start_matches("# ").strip_prefix("pass "));
    Ok(StepResult::Passed(passed.map_or(String::new(), |passed| format!("{passed} tests in Chromium"))))
}

type Run<'r> = &'r dyn Fn(&mut Command) -> Result<()>;

fn build(run: Run<'_>) -> Result<()> {
    let toolchain = toolchain()?;
    let modules = folder().join("src/wasm");
    make_folder(&modules)?;
    run(npm().args(["ci", "--no-audit", "--no-fund"]))?;
    for module in MODULES {
        run(&mut toolchain.cargo(module))?;
        let built = toolchain.target_dir(module).join("wasm32-unknown-unknown/wasm").join(module.library);
        // These passes make what brotli leaves smaller; -Oz makes it larger.
        let mut optimize = Command::new(folder().join("node_modules/.bin/wasm-opt"));
        optimize.arg("--all-features").args(PASSES).arg(built).arg("-o").arg(modules.join(module.file));
        run(&mut optimize)?;
    }
    run(npm().args(["run", "types"]))?;
    run(npm().args(["run", "build"]))
}

/// Runs the tests; the answers of the module are compared with those of a native build, and with `sre dis`, which is
/// built with these features.
fn check(run: Run<'_>, features: &[&str]) -> Result<()> {
    run(cargo().args(["build", "-p", "sre-explorer", "--features", "names", "--example", "explore"]))?;
    run(cargo().args(["build", "-p", "sre-cli", "--bin", "sre"]).args(features))?;
    let native = target().join("debug/examples/explore");
    let mut tests = npm();
    tests
        .args(["test"])
        .env("SRE_EXPLORER_NATIVE", native)
        .env("SRE_EXPLORER_SRE", target().join("debug/sre"));
    run(tests.env("CHROMIUM", chromium()))
}

const PASSES: [&str; 7] = [
    "--directize",
    "--dce",
    "--vacuum",
    "--precompute",
    "--optimize-instructions",
    "--duplicate-function-elimination",
    "--remove-unused-module-elements",
];

/// A module of the page.
struct Module {
    file: &'static str,
    /// The folder of its crate, of a workspace of its own; none for the member of this workspace.
    folder: Option<&'static str>,
    library: &'static str,
    arguments: &'static [&'static str],
    flags: &'static str,
    crates: &'static str,
}

const MODULES: [&Module; 4] = [
    &Module {
        file: "compiler.wasm",
        folder: None,
        library: "sre_explorer.wasm",
        arguments: &["-p", "sre-explorer"],
        flags: "--cfg sre_compiler_without_utf8",
        crates: "core,alloc,compiler_builtins",
    },
    &Module {
        file: "names.wasm",
        folder: None,
        library: "sre_explorer.wasm",
        arguments: &["-p", "sre-explorer", "--features", "names"],
        flags: "--cfg sre_compiler_without_utf8",
        crates: "core,alloc,compiler_builtins",
    },
    &Module {
        file: "engine.wasm",
        folder: Some("engine"),
        library: "sre_explorer_engine.wasm",
        arguments: &[],
        flags: "",
        crates: "std,panic_abort",
    },
    // Its parser recurses.
    &Module {
        file: "source.wasm",
        folder: Some("source"),
        library: "sre_explorer_source.wasm",
        arguments: &[],
        flags: "-Clink-arg=-zstack-size=67108864",
        crates: "std,panic_abort",
    },
];

/// How to build for wasm32-unknown-unknown.
struct Toolchain {
    environment: Vec<(String, String)>,
    builds_std: bool,
}

impl Toolchain {
    fn cargo(&self, module: &Module) -> Command {
        let mut command = cargo();
        command.args(["build", "--quiet", "--profile", "wasm", "--target", "wasm32-unknown-unknown"]);
        command.args(module.arguments).arg("--target-dir").arg(self.target_dir(module));
        if let Some(name) = module.folder {
            command.current_dir(folder().join(name));
        }
        let mut flags = String::new();
        if self.builds_std {
            // Without the feature, sorting and formatting are larger and hardly faster for patterns.
            command.arg(format!("-Zbuild-std={}", module.crates));
            command.arg("-Zbuild-std-features=optimize_for_size");
            flags.push_str("-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none ");
        }
        flags.push_str(module.flags);
        command.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", flags.trim());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn target_dir(&self, module: &Module) -> PathBuf {
        target().join(if module.folder.is_some() { "explorer/modules" } else { "explorer" })
    }
}

fn toolchain() -> Result<Toolchain> {
    let sysroot =
        PathBuf::from(output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root()))?);
    let has_source = || sysroot.join("lib/rustlib/src/rust/library/core/Cargo.toml").exists();
    let add = |what: [&str; 3]| output(Command::new("rustup").args(what).current_dir(root())).is_ok();
    if has_source() || add(["component", "add", "rust-src"]) && has_source() {
        let environment = vec![("RUSTC_BOOTSTRAP".to_owned(), "1".to_owned())];
        return Ok(Toolchain { environment, builds_std: true });
    }
    if sysroot.join("lib/rustlib/wasm32-unknown-unknown").exists()
        || add(["target", "add", "wasm32-unknown-unknown"])
    {
        return Ok(Toolchain { environment: Vec::new(), builds_std: false });
    }
    let mut script = Command::new(folder().join("get-wasm.sh"));
    script.arg(target().join("wasm-rust")).stderr(Stdio::inherit());
    let settings = output(&mut script)?;
    let pairs = settings.lines().filter_map(|line| line.split_once('='));
    let environment = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>();
    if environment.len() < 3 {
        bail!("explorer/get-wasm.sh printed no settings: {settings:?}");
    }
    Ok(Toolchain { environment, builds_std: true })
}

fn folder() -> PathBuf {
    root().join("explorer")
}

fn npm() -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder());
    command
}

fn chromium() -> PathBuf {
    sre_support::variable("CHROMIUM").map_or_else(|| Path::new("/usr/bin/chromium").to_owned(), PathBuf::from)
}
