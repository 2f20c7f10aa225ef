//! `cargo xtask oss-fuzz`: builds the targets as OSS-Fuzz does, and runs them where no other Python is.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use sre_support::visible::Shown;

use crate::setup::{Python, Toolchain, cargo_fuzz};
use crate::shell::{files, finish, make_empty_folder, make_folder, output, root, target};

/// Build the fuzz targets as OSS-Fuzz and ClusterFuzzLite do, and check that they run elsewhere.
///
/// Runs fuzz/oss-fuzz/build.sh, moves the result to another folder, and runs each target there for some inputs in a
/// mount namespace in which the interpreter that was linked, and its library, are hidden. Without the interpreter that
/// was shipped, the target has to fail.
///
/// With --infra, the checks of OSS-Fuzz's base-runner run as well: a folder with bad_build_check, test_all.py and
/// run_fuzzer, which you get from infra/base-images/base-runner of github.com/google/oss-fuzz.
///
/// Exit status: 0 all checks passed or were skipped; 1 cannot build; 2 a check failed.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The folder with the checks of OSS-Fuzz.
    #[arg(long, value_name = "FOLDER")]
    infra: Option<PathBuf>,
    /// Do not build; check what was built before.
    #[arg(long)]
    no_build: bool,
    /// Number of inputs of each target.
    #[arg(long, value_name = "N", default_value_t = 500)]
    runs: u32,
}

/// The checks of OSS-Fuzz.
const CHECKS: [&str; 3] = ["bad_build_check", "test_all.py", "run_fuzzer"];

pub(crate) fn command(arguments: &Arguments) -> Result<ExitCode> {
    let work = target().join("oss-fuzz");
    let out = work.join("out");
    if !arguments.no_build {
        build(&work, &out)?;
    }
    match check(arguments, &work, &out) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(why) => {
            eprintln!("oss-fuzz: {why:#}");
            Ok(ExitCode::from(2))
        }
    }
}

fn build(work: &Path, out: &Path) -> Result<()> {
    for tool in ["patchelf", "zip"] {
        output(Command::new(tool).arg("-v").stdin(Stdio::null()))
            .or_else(|_| output(Command::new(tool).arg("--version")))
            .with_context(|| format!("{tool} is needed: apt-get install {tool}"))?;
    }
    let toolchain = Toolchain::find()?;
    cargo_fuzz(&toolchain)?;
    make_empty_folder(out)?;
    // The script looks for the sources in a folder of this name.
    let source = work.join("src");
    make_empty_folder(&source)?;
    #[cfg(unix)]
    std::os::unix::fs::symlink(root(), source.join("sre-compiler"))?;
    let mut script = Command::new(root().join("fuzz/oss-fuzz/build.sh"));
    script.env("SRC", &source).env("OUT", out).env("SANITIZER", "address");
    script.env("RUSTUP_TOOLCHAIN", &toolchain.name).env("CARGO_FUZZ_TARGET_DIR", work.join("build"));
    script.env("PYO3_PYTHON", executable()?).env_remove("CARGO").env_remove("RUSTC");
    if toolchain.bootstrap {
        script.env("RUSTC_BOOTSTRAP", "1");
    }
    finish(&mut script, None)
}

/// Returns the interpreter that is linked.
fn executable() -> Result<PathBuf> {
    let ask = "import sys, os; print(os.path.realpath(sys.executable))";
    Ok(output(Python::command().args(["-I", "-c", ask]))?.into())
}

fn check(arguments: &Arguments, work: &Path, out: &Path) -> Result<()> {
    // Elsewhere, as on the machines that fuzz.
    make_empty_folder(&work.join("elsewhere"))?;
    let moved = work.join("elsewhere/out");
    make_folder(&moved)?;
    finish(Command::new("cp").arg("-a").arg(out.join(".")).arg(&moved), None)?;
    let targets = targets(&moved);
    if targets.is_empty() {
        bail!("{} has no targets: run without --no-build", out.shown());
    }
    let hidden = hidden()?;
    if output(Command::new("unshare").args(["--mount", "true"])).is_err() {
        eprintln!("oss-fuzz: skipped: running without another Python needs root, for `unshare --mount`");
        return Ok(());
    }
    for target in &targets {
        let name = target.file_name().unwrap_or_default().shown().to_string();
        run(target, &hidden, arguments.runs).with_context(|| format!("{name} does not run elsewhere"))?;
        println!("oss-fuzz: {name}: {} inputs without another Python", arguments.runs);
    }
    checks_of_oss_fuzz(arguments, &moved, &hidden, true)?;
    fs::rename(moved.join("python"), work.join("elsewhere/python"))?;
    for name in ["differential", "match"] {
        let target = moved.join(name);
        if run(&target, &hidden, 1).is_ok() {
            bail!("{name} runs without the interpreter that was shipped: the check cannot tell");
        }
        let log = fs::read_to_string(target.with_extension("log"))?;
        if !["sre-fuzz: cannot start: ", "error while loading shared libraries: libpython"]
            .iter()
            .any(|why| log.contains(why))
        {
            bail!("{name} fails without the shipped interpreter, but for another reason:\n{log}");
        }
        println!("oss-fuzz: {name}: fails without the interpreter that was shipped, as it has to");
    }
    checks_of_oss_fuzz(arguments, &moved, &hidden, false)
}

/// Returns the fuzz targets in a folder: the programs that have options.
fn targets(folder: &Path) -> Vec<PathBuf> {
    let options = files(folder).into_iter().filter(|file| file.extension().is_some_and(|e| e == "options"));
    options.map(|file| file.with_extension("")).filter(|file| file.is_file()).collect()
}

/// Returns the folders to hide: where the linked interpreter is installed, and other Pythons.
fn hidden() -> Result<Vec<String>> {
    let ask = "import os, sys, sysconfig
print(sysconfig.get_path('stdlib'))
print(sysconfig.get_config_var('LIBDIR') if sys.base_prefix != '/usr' else '')
print(os.path.join(sys.base_prefix, 'bin') if sys.base_prefix not in ('/usr', '/usr/local') else '')";
    let mut hidden: Vec<String> =
        output(Python::command().args(["-I", "-c", ask]))?.lines().map(str::to_owned).collect();
    hidden.push(env::var("PYENV_ROOT").unwrap_or_default());
    // Nested folders cannot be hidden once the outer one is.
    hidden.retain(|folder| Path::new(folder).is_dir());
    hidden.sort();
    hidden.dedup_by(|inner, outer| Path::new(inner).starts_with(&*outer));
    Ok(hidden)
}

/// A command in a mount namespace in which these folders are empty.
fn isolated(hidden: &[String], command: &str) -> Command {
    let mounts: Vec<String> = hidden.iter().map(|folder| format!("mount -t tmpfs none '{folder}'")).collect();
    let script = format!("{} && {command}", [mounts, vec!["true".to_owned()]].concat().join(" && "));
    let mut unshare = Command::new("unshare");
    unshare.args(["--mount", "--propagation", "private", "sh", "-c", &script, "sh"]);
    unshare.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("HOME", "/tmp");
    unshare
}

/// Returns the libraries of other Pythons, which the scripts of OSS-Fuzz need, but no target may use.
fn system_libraries() -> impl Iterator<Item = String> {
    let folders = ["/usr/lib", "/usr/local/lib"].into_iter().flat_map(|folder| fs::read_dir(folder).ok());
    let names = folders.flatten().flatten().map(|entry| entry.path().to_string_lossy().into_owned());
    names.filter(|path| path.contains("/python3") && Path::new(path).is_dir())
}

fn run(target: &Path, hidden: &[String], runs: u32) -> Result<()> {
    let mut hidden: Vec<String> = hidden.iter().cloned().chain(system_libraries()).collect();
    hidden.sort();
    hidden.dedup();
    let seeds = target.with_extension("seeds");
    make_empty_folder(&seeds)?;
    let zip =
        target.with_file_name(format!("{}_seed_corpus.zip", target.file_name().unwrap_or_default().shown()));
    finish(Command::new("unzip").arg("-q").arg(zip).arg("-d").arg(&seeds), None)?;
    let mut command = isolated(&hidden, "exec \"$@\"");
    command.arg(target).args([format!("-runs={runs}"), "-max_len=4096".to_owned(), "-timeout=60".to_owned()]);
    command.arg(format!("-artifact_prefix={}/", target.with_file_name("").to_string_lossy()));
    command.arg(seeds).env("ASAN_OPTIONS", "detect_leaks=1");
    let log = target.with_extension("log");
    let file = fs::File::create(&log)?;
    finish(&mut command, Some(&file)).with_context(|| format!("see {}", log.shown()))
}

/// Runs the checks of OSS-Fuzz; they have to pass, or to fail.
fn checks_of_oss_fuzz(arguments: &Arguments, out: &Path, hidden: &[String], pass: bool) -> Result<()> {
    let Some(infra) = &arguments.infra else {
        if pass {
            println!("oss-fuzz: skipped: the checks of OSS-Fuzz, which --infra names");
        }
        return Ok(());
    };
    let infra = fs::canonicalize(infra).with_context(|| infra.shown().to_string())?;
    for check in CHECKS {
        if !infra.join(check).is_file() {
            bail!("--infra {}: no {check} there; it is infra/base-images/base-runner", infra.shown());
        }
    }
    // The checks rely on the sanitizers' settings of their image.
    let dockerfile = fs::read_to_string(infra.join("Dockerfile"))
        .with_context(|| format!("--infra {}: the Dockerfile is needed", infra.shown()))?;
    // run_fuzzer sets a parameter of the kernel, which is not this program's to set.
    let bin = out.with_file_name("bin");
    make_folder(&bin)?;
    fs::write(bin.join("sysctl"), "#!/bin/sh\n")?;
    finish(Command::new("chmod").arg("+x").arg(bin.join("sysctl")), None)?;
    let path = format!("{}:{}:/usr/sbin:/usr/bin:/sbin:/bin", bin.to_string_lossy(), infra.to_string_lossy());
    let mut commands = vec!["test_all.py".to_owned()];
    if pass {
        let targets =
            targets(out).into_iter().map(|target| target.file_name().unwrap_or_default().to_owned());
        commands.extend(targets.map(|target| format!("run_fuzzer {} -runs=200", target.to_string_lossy())));
    }
    for command in commands {
        let mut isolated = isolated(hidden, &command);
        isolated.env("PATH", &path).env("OUT", out).env("SANITIZER", "address");
        isolated
            .env("FUZZING_ENGINE", "libfuzzer")
            .env("FUZZING_LANGUAGE", "rust")
            .env("ARCHITECTURE", "x86_64");
        isolated.env("RUN_FUZZER_MODE", "batch").env("TMP_FUZZER_DIR", "/tmp/not-out");
        isolated.envs(variables(&dockerfile));
        let passed = finish(&mut isolated, None).is_ok();
        if passed != pass {
            bail!("{command}: {}", if passed { "passes without the interpreter" } else { "fails" });
        }
    }
    Ok(())
}

/// Returns the variables that a Dockerfile sets for sanitizers and fuzzers: `ENV NAME="VALUE"`.
fn variables(dockerfile: &str) -> impl Iterator<Item = (&str, &str)> {
    let settings = dockerfile.lines().filter_map(|line| line.strip_prefix("ENV ")?.split_once('='));
    let wanted = settings.filter(|(name, _)| name.ends_with("_OPTIONS") || name.ends_with("FUZZER_ARGS"));
    wanted.map(|(name, value)| (name, value.trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn the_settings_of_the_image_are_read() {
        let file = "FROM x\nENV GOPATH /root/go\nENV ASAN_OPTIONS=\"a=0:b=1\"\nENV PATH=$PATH:x\nENV FUZZER_ARGS=\"-timeout=25\"\n";
        let found: Vec<_> = variables(file).collect();
        assert_eq!(found, [("ASAN_OPTIONS", "a=0:b=1"), ("FUZZER_ARGS", "-timeout=25")]);
    }
}
