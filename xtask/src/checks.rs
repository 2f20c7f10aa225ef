//! Checks that are more than one command: no_std, the oldest compiler, the Unicode tables.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::options::Options;
use crate::shell::{cargo, files, make_empty_folder, output, root, rustup_run, show, target};
use crate::test::{Context, Ending, Verdict};
use crate::unicode;

/// Records answers with the command that the workspace builds.
pub(crate) fn answers_command(arguments: &[String]) -> Result<ExitCode, String> {
    let mut sre = cargo();
    sre.args(["run", "--quiet", "--release", "--package", "sre-cli", "--bin", "sre", "--", "answers"]);
    let status = sre.args(arguments).status().map_err(|error| error.to_string())?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// The program that records the examples of the compiler's package, given these interpreters.
pub(crate) fn record_examples(pythons: &[(String, PathBuf)]) -> Command {
    let mut command = Command::new(pythons.last().map_or(Path::new("python3"), |(_, path)| path));
    command.arg(root().join("compiler/tests/record_examples.py"));
    command.args(pythons.iter().map(|(_, path)| path));
    command
}

/// `cargo xtask examples`
pub(crate) fn examples_command(arguments: Vec<String>) -> Result<ExitCode, String> {
    let mut options = Options::new(arguments);
    let check = options.switch("--check");
    options.finish()?;
    let mut command = record_examples(&interpreters()?);
    let status = command.args(check.then_some("--check")).status().map_err(|error| error.to_string())?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// The package of the compiler, as it would be published, passes its tests: unpacked in a folder outside of the
/// workspace, without the corpus and without any Python.
pub(crate) fn package(context: &Context) -> Verdict {
    let work = target().join("package");
    let mut package = cargo();
    // What is packaged is what the other steps test, committed or not.
    package.args(["package", "--package", "sre-compiler", "--no-verify", "--allow-dirty"]);
    context.run(&mut package)?;
    let crates = files(&work);
    let file = crates.iter().rfind(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("sre-compiler-") && name.ends_with(".crate")
    });
    let file = file.ok_or("cargo package made no file")?;
    let name = file.file_stem().unwrap_or_default();
    let outside = std::env::temp_dir().join(format!("sre-package-{}", std::process::id()));
    make_empty_folder(&outside)?;
    let unpacked = context.run(Command::new("tar").arg("-xzf").arg(file).arg("-C").arg(&outside));
    let tested = unpacked.and_then(|()| {
        let mut test = cargo();
        test.arg("test").current_dir(outside.join(name));
        context.run(test.env("CARGO_TARGET_DIR", target().join("package-test")))
    });
    let _ = fs::remove_dir_all(&outside);
    tested?;
    let size = fs::metadata(file).map_or(0, |metadata| metadata.len());
    Ok(Ending::Passed(format!("{} KiB", size.div_ceil(1024))))
}

/// The compiler builds where there is no standard library: for a target without one, if one is installed; else for
/// this machine, with a sysroot that holds only core and alloc.
pub(crate) fn no_std(context: &Context) -> Verdict {
    let build = ["build", "--package", "sre-compiler", "--lib", "--target"];
    let installed =
        output(Command::new("rustup").args(["target", "list", "--installed"])).unwrap_or_default();
    let bare =
        |name: &&str| name.ends_with("-none") || name.contains("-none-") || name.starts_with("wasm32v1");
    if let Some(bare) = installed.lines().find(bare) {
        context.run(cargo().args(build).arg(bare))?;
        return Ok(Ending::Passed(format!("built for {bare}")));
    }
    let about = output(rustc().arg("-vV"))?;
    let host =
        about.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc does not say its host")?;
    let sysroot = sysroot_without_std(host)?;
    let flags = format!("--sysroot\x1f{}", sysroot.to_string_lossy());
    let folder = target().join("no-std");
    let command = |arguments: &[&str]| {
        let mut command = cargo();
        command.args(arguments).arg(host).arg("--target-dir").arg(&folder);
        command.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", &flags);
        command
    };
    context.run(&mut command(&build))?;
    // The sysroot must really lack std: what uses it must not build.
    let mut probe = rustc();
    probe.args(["--sysroot"]).arg(&sysroot).args([
        "--target",
        host,
        "--emit=metadata",
        "--crate-type=lib",
        "-o",
    ]);
    probe.arg(folder.join("probe.rmeta")).arg("-");
    match output(&mut probe) {
        Err(why) if why.contains("can't find crate for `std`") => {}
        Err(why) => return Err(format!("{}: another error than expected: {why}", show(&probe))),
        Ok(_) => return Err("the sysroot without std has one".to_owned()),
    }
    Ok(Ending::Passed(format!(
        "built for {host} with a sysroot of core and alloc only (no bare target installed)"
    )))
}

fn rustc() -> Command {
    let mut command = Command::new("rustc");
    command.current_dir(root());
    command
}

/// A sysroot for this machine with links to core, alloc and what they need.
fn sysroot_without_std(host: &str) -> Result<PathBuf, String> {
    let whole = output(rustc().args(["--print", "sysroot"]))?;
    let libraries = Path::new("lib/rustlib").join(host).join("lib");
    let sysroot = target().join("no-std-sysroot");
    make_empty_folder(&sysroot.join(&libraries))?;
    for library in files(&Path::new(&whole).join(&libraries)) {
        let name = library.file_name().unwrap_or_default();
        let wanted = ["libcore-", "liballoc-", "libcompiler_builtins-"];
        if wanted.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            fs::copy(&library, sysroot.join(&libraries).join(name)).map_err(|error| error.to_string())?;
        }
    }
    Ok(sysroot)
}

/// The workspace builds with the oldest compiler that `Cargo.toml` promises.
pub(crate) fn oldest_compiler(context: &Context) -> Verdict {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).map_err(|error| error.to_string())?;
    let promised =
        manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).map(|v| v.trim_matches('"'));
    let promised = promised.ok_or("Cargo.toml has no rust-version")?;
    let name = format!("{promised}.0");
    let Ok(installed) = output(Command::new("rustup").args(["toolchain", "list", "--quiet"])) else {
        return Ok(Ending::Skipped("no rustup".to_owned()));
    };
    if !installed.lines().any(|line| line.starts_with(&format!("{name}-"))) {
        let mut install = Command::new("rustup");
        install.args(["toolchain", "install", &name, "--profile", "minimal", "--no-self-update"]);
        if let Err(why) = context.run(&mut install) {
            return Ok(Ending::Skipped(format!("Rust {name} is not installed, and cannot be: {why}")));
        }
    }
    let mut check = rustup_run(&name, "cargo");
    check.args(["check", "--workspace", "--target-dir"]).arg(target().join("oldest"));
    context.run(check.args(context.features()))?;
    Ok(Ending::Passed(format!("Rust {name}")))
}

/// The Unicode tables are what interpreters say.
pub(crate) fn unicode_tables(context: &Context) -> Verdict {
    let pythons = interpreters()?;
    if pythons.is_empty() {
        return Ok(Ending::Skipped("no interpreter".to_owned()));
    }
    // As a program of its own, so that what it prints goes to the log; by cargo, for the steps before may have built it anew.
    context.run(cargo().args(["xtask", "unicode", "--check"]))?;
    Ok(Ending::Passed(pythons.iter().map(|(version, _)| version.as_str()).collect::<Vec<_>>().join(", ")))
}

/// `cargo xtask unicode`
pub(crate) fn unicode_command(arguments: Vec<String>) -> Result<ExitCode, String> {
    let mut options = Options::new(arguments);
    let check = options.switch("--check");
    options.finish()?;
    unicode::run(check, &interpreters()?)?;
    Ok(ExitCode::SUCCESS)
}

/// The interpreters that `sre pythons` finds: version and path.
pub(crate) fn interpreters() -> Result<Vec<(String, PathBuf)>, String> {
    let mut sre = cargo();
    sre.args([
        "run",
        "--quiet",
        "--package",
        "sre-cli",
        "--no-default-features",
        "--bin",
        "sre",
        "--",
        "pythons",
    ]);
    let listed = output(&mut sre)?;
    Ok(listed.lines().filter_map(interpreter).collect())
}

/// A line of `sre pythons`; one without a dialect is too old or too new.
fn interpreter(line: &str) -> Option<(String, PathBuf)> {
    let version = line.split_whitespace().next()?;
    let path = &line[line.find('/')?..];
    let known = version.starts_with("3.") && line.split_whitespace().all(|word| word != "-");
    known.then(|| (version.to_owned(), PathBuf::from(path)))
}

#[cfg(test)]
mod tests {
    use super::interpreter;

    #[test]
    fn interpreters_with_a_dialect_are_taken() {
        let path =
            |line| interpreter(line).map(|(version, path)| format!("{version} {}", path.to_string_lossy()));
        let taken = path("3.15.0 (candidate) 20230612 17.0.0 3.15.0  /a b/python3.15").unwrap();
        assert_eq!(taken, "3.15.0 /a b/python3.15");
        assert_eq!(path("3.7.16  20171005  11.0.0   -   /usr/bin/python3.7  (too old)"), None);
        assert_eq!(path("version    magic     unicode  dialect  path"), None);
        assert_eq!(path("embedded: 3.11.7"), None);
    }
}
