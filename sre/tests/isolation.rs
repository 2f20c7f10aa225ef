//! Interpreters answer for themselves: what the user's environment says of Python changes nothing.
#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};
use std::{env, fs};

use pyo3::prelude::*;
use serde_json::Value;
use sre_case::corpus;
use sre_oracle::pythons::Python as Interpreter;
use sre_oracle::{Embedded, pythons};
use sre_test_support::{Missing, Prerequisite};

/// Modules that an interpreter loads at its start, or for `re`.
const MODULES: [&str; 24] = [
    "re",
    "array",
    "enum",
    "unicodedata",
    "json",
    "io",
    "time",
    "warnings",
    "os",
    "types",
    "functools",
    "collections",
    "copyreg",
    "keyword",
    "operator",
    "reprlib",
    "codecs",
    "abc",
    "sre_parse",
    "sre_compile",
    "sre_constants",
    "site",
    "sitecustomize",
    "usercustomize",
];

/// What depends on the version, on the patch level, or is a warning.
const PATTERNS: [&str; 4] = ["(?<=(?:aa){2147483648})", "[[a]", "(?i)[\u{131}k-\u{212a}]", "a{4,3}"];

/// The command without the variables of Python that the test was started with.
fn sre(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("PYTHON") {
            command.env_remove(name);
        }
    }
    command.args(arguments);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with modules that cannot be imported.
fn hostile(folder: &Path, modules: &[&str]) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    for module in modules {
        fs::write(folder.join(format!("{module}.py")), "raise ImportError('a module of the user')").unwrap();
    }
    folder.to_owned()
}

/// A user's environment: its name, variables, and the folder that the user is in.
type Environment = (String, Vec<(&'static str, OsString)>, Option<PathBuf>);

/// `libraries` are those of other interpreters, `prefixes` their homes.
fn environments(folder: &Path, others: &[Interpreter]) -> Vec<Environment> {
    let mut all: Vec<Environment> = Vec::new();
    let mut add = |name: &str, variable: &'static str, value: OsString| {
        all.push((format!("{name}: {variable}"), vec![(variable, value)], None));
    };
    let everything = hostile(&folder.join("everything"), &MODULES);
    for module in ["re", "array", "enum"] {
        add(module, "PYTHONPATH", hostile(&folder.join(module), &[module]).into());
    }
    add("modules", "PYTHONPATH", everything.clone().into());
    for other in others {
        let (major, minor, _) = other.info.version;
        let prefix = other.path.parent().unwrap().parent().unwrap();
        add(&other.info.label(), "PYTHONPATH", prefix.join(format!("lib/python{major}.{minor}")).into());
        add(&other.info.label(), "PYTHONHOME", prefix.into());
        add(&other.info.label(), "PYTHONEXECUTABLE", other.path.clone().into());
    }
    add("none", "PYTHONHOME", "/nonexistent".into());
    add("relative", "PYTHONHOME", ".".into());
    let startup = everything.join("re.py");
    for (variable, value) in [
        ("PYTHONSAFEPATH", "1"),
        ("PYTHONOPTIMIZE", "2"),
        ("PYTHONWARNINGS", "error"),
        ("PYTHONINSPECT", "1"),
        ("PYTHONUTF8", "0"),
        ("PYTHONUTF8", "nonsense"),
        ("PYTHONIOENCODING", "utf-16"),
        ("PYTHONDEVMODE", "1"),
        ("PYTHONPLATLIBDIR", "nonsense"),
        ("PYTHONVERBOSE", "1"),
        ("PYTHONPROFILEIMPORTTIME", "1"),
        ("PYTHONTRACEMALLOC", "5"),
        ("PYTHONFAULTHANDLER", "1"),
        ("PYTHONCASEOK", "1"),
        ("PYTHONNODEBUGRANGES", "1"),
        ("PYTHONCOERCECLOCALE", "warn"),
        ("PYTHON_FROZEN_MODULES", "off"),
        ("PYTHONEXECUTABLE", "/nonexistent/bin/python3"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LC_ALL", "C"),
    ] {
        add(value, variable, value.into());
    }
    add("script", "PYTHONSTARTUP", startup.into());
    add("folder", "PYTHONUSERBASE", folder.join("userbase").into());
    for minor in 8..=15 {
        let site = folder.join(format!("userbase/lib/python3.{minor}/site-packages"));
        hostile(&site, &MODULES);
        fs::write(site.join("hostile.pth"), "import sys; sys.exit('a path file of the user')\n").unwrap();
    }
    all.push(("the current folder".to_owned(), Vec::new(), Some(everything)));
    all
}

/// What `sre compare` finds out, without the times.
fn findings(output: &Output) -> Value {
    let mut found: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    for python in found["pythons"].as_array_mut().unwrap() {
        for time in ["seconds", "cost"] {
            python.as_object_mut().unwrap().remove(time);
        }
    }
    found
}

/// Fails unless the interpreter answers everywhere as it does without the environment.
fn answers_alike(interpreter: &str, environments: &[Environment]) {
    let compare = || {
        let mut command = sre(&["compare", "--pythons", interpreter, "--debug", "--format", "json"]);
        command.args(PATTERNS.iter().flat_map(|pattern| ["-e", pattern]));
        command
    };
    let plain = compare().output().unwrap();
    assert_eq!((plain.status.code(), text(&plain.stderr)), (Some(0), String::new()), "{interpreter}");
    for (name, variables, folder) in environments {
        let mut command = compare();
        command.envs(variables.iter().cloned());
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        let output = command.output().unwrap();
        assert_eq!(
            (output.status.code(), text(&output.stderr)),
            (Some(0), String::new()),
            "{interpreter}, {name}"
        );
        assert_eq!(findings(&output), findings(&plain), "{interpreter}, {name}");
    }
}

/// One interpreter of each minor version, and one more of the minor version that is embedded.
fn others() -> Vec<Interpreter> {
    let own = Embedded::new().unwrap().info().version;
    let found = pythons::find().into_iter().filter(|python| python.info.version != own);
    let found: BTreeMap<u32, Interpreter> = found
        .map(|python| (python.info.version.1, python))
        .filter(|(_, python)| python.dialect.is_ok())
        .collect();
    found.into_values().collect()
}

fn the_embedded_interpreter_is_the_same_in_every_environment() {
    let folder = tempfile::tempdir().unwrap();
    let others = others();
    let mut environments = environments(folder.path(), &others);
    // Once it took the library of the first `python3` on the PATH.
    for python in &others {
        let bin = folder.path().join(python.info.label());
        fs::create_dir(&bin).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(&python.path, bin.join("python3")).unwrap();
        environments.push((format!("{} on the PATH", python.info.label()), vec![("PATH", bin.into())], None));
    }
    environments.push(("nothing on the PATH".to_owned(), vec![("PATH", OsString::new())], None));
    answers_alike("embedded", &environments);
}

fn worker_processes_are_the_same_in_every_environment() -> Result<(), Missing> {
    let found = common::pythons()?;
    let (oldest, newest) = (&found[0], &found[found.len() - 1]);
    let folder = tempfile::tempdir().unwrap();
    let environments = environments(folder.path(), &others());
    for python in [oldest, newest] {
        answers_alike(python.path.to_str().unwrap(), &environments);
    }
    Ok(())
}

fn every_verb_works_in_a_hostile_environment_with_the_embedded_interpreter() {
    every_verb_works_in_a_hostile_environment("embedded");
}

fn every_verb_works_in_a_hostile_environment_with_a_worker() -> Result<(), Missing> {
    let python = common::newest()?;
    every_verb_works_in_a_hostile_environment(python.path.to_str().unwrap());
    Ok(())
}

fn every_verb_works_in_a_hostile_environment(python: &str) {
    let folder = tempfile::tempdir().unwrap();
    let modules = hostile(&folder.path().join("modules"), &MODULES);
    let case = folder.path().join("a.case");
    fs::write(&case, "str -\na[bc]|d").unwrap();
    let case = case.to_str().unwrap();
    fs::write(folder.path().join("unreached.txt"), "").unwrap();
    let mut commands = vec![
        vec!["compare", "--pythons", python, "--generate", "200"],
        vec!["exhaustive", "--pythons", python, "--tokens", "1"],
        vec!["corpus", "test", "--pythons", python, case],
        vec!["explain", "--python", python, case],
        vec!["memory", "--python", python, case],
        vec!["minimize", "--pythons", python, "--target", "3.8", "a"],
    ];
    if python != "embedded" {
        commands.push(vec!["corpus", "coverage", "--pythons", python, folder.path().to_str().unwrap()]);
        commands.push(vec!["soak", "--python", python, "--minutes", "0.01", "--output", "soak.html"]);
    }
    let run = |arguments: &[&str], is_hostile: bool| {
        let mut command = sre(arguments);
        command.current_dir(if is_hostile { &modules } else { folder.path() });
        if is_hostile {
            command
                .env("PYTHONPATH", &modules)
                .env("PYTHONHOME", "/nonexistent")
                .env("PYTHONWARNINGS", "error");
        }
        let output = command.output().unwrap();
        (output.status.code(), text(&output.stderr))
    };
    for arguments in commands {
        let plain = run(&arguments, false);
        assert!(matches!(plain.0, Some(0 | 2)), "{arguments:?}: {plain:?}");
        assert_eq!(run(&arguments, true), plain, "{arguments:?}");
    }
}

/// `sre record` is the exception: the program runs in the environment of the user.
fn a_recorded_program_keeps_its_environment() -> Result<(), Missing> {
    let python = common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("of_the_user.py"), "import re; re.compile('of the user')").unwrap();
    let mut command = sre(&["record", "--output", "out.jsonl", "--python"]);
    command.arg(&python.path).args([
        "--",
        "-c",
        "import of_the_user, os; print(os.environ['PYTHONUTF8'], end='')",
    ]);
    command.current_dir(folder.path()).env("PYTHONPATH", folder.path()).env("PYTHONUTF8", "1");
    let output = command.output().unwrap();
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), "1".to_owned()), "{output:?}");
    assert!(fs::read_to_string(folder.path().join("out.jsonl")).unwrap().contains("of the user"));
    Ok(())
}

/// Run by the next test, in an environment of its own.
fn prints_the_settings() {
    Embedded::new().unwrap();
    let program = c"import gc, sys
flags = sys.flags
home = sys.base_prefix
print()
print('SETTINGS', flags.isolated, flags.ignore_environment, flags.no_user_site, flags.no_site, flags.utf8_mode,
      all(path.startswith(home) for path in sys.path), sys.getallocatedblocks() > 0, flags.hash_randomization,
      getattr(sys, 'get_int_max_str_digits', lambda: 4300)(), hash('a') if flags.hash_randomization == 0 else 0, flush=True)";
    Python::attach(|py| py.run(program, None, None)).unwrap();
}

fn the_environment_sets_the_allocator_the_hash_seed_and_the_limit_of_digits_and_nothing_else() {
    let settings = |variables: &[(&str, &str)]| {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--ignored", "--exact", "prints_the_settings", "--nocapture"]);
        for variable in ["PYTHONMALLOC", "PYTHONHASHSEED", "PYTHONINTMAXSTRDIGITS"] {
            command.env_remove(variable);
        }
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let printed = text(&output.stdout);
        let line =
            printed.lines().find_map(|line| line.split_once("SETTINGS ")).map(|(_, line)| line.to_owned());
        line.unwrap_or_else(|| panic!("{output:?}"))
    };
    let isolated = "1 1 1 1 1 True";
    assert_eq!(settings(&[]), format!("{isolated} True 1 4300 0"));
    assert!(settings(&[("PYTHONMALLOC", "malloc")]).starts_with(&format!("{isolated} False 1")));
    let seeded = [settings(&[("PYTHONHASHSEED", "0")]), settings(&[("PYTHONHASHSEED", "0")])];
    assert!(seeded[0] == seeded[1] && seeded[0].starts_with(&format!("{isolated} True 0")), "{seeded:?}");
    let has_limit = Embedded::new().unwrap().info().digits.is_some();
    let digits = if has_limit { 640 } else { 4300 };
    assert_eq!(settings(&[("PYTHONINTMAXSTRDIGITS", "640")]), format!("{isolated} True 1 {digits} 0"));
}

/// The version that was compared with.
fn compared_with(output: &Output) -> String {
    findings(output)["pythons"][0]["python"].as_str().unwrap().to_owned()
}

/// Makes the embedded interpreter fail to start, as one does whose library is gone.
const FAILS_TO_START: (&str, &str) = ("PYTHONMALLOC", "nonsense");

/// The error message for it.
const DOES_NOT_START: &str = "the embedded interpreter does not start: PYTHONMALLOC=nonsense: unknown allocator (known: \
                              default, debug, malloc, malloc_debug, pymalloc, pymalloc_debug)";

fn an_embedded_interpreter_that_does_not_start_is_an_error_with_the_reason() {
    let (name, value) = FAILS_TO_START;
    let run = |arguments: &[&str]| sre(arguments).env(name, value).output().unwrap();
    let explicit = run(&["compare", "--pythons", "embedded", "a"]);
    assert_eq!(explicit.status.code(), Some(1), "{explicit:?}");
    assert!(text(&explicit.stderr).contains(DOES_NOT_START), "{explicit:?}");

    let listed = text(&run(&["pythons"]).stdout);
    assert!(listed.contains("embedded: none (PYTHONMALLOC=nonsense: unknown allocator"), "{listed}");
    let listed: Value = serde_json::from_slice(&run(&["pythons", "--format", "json"]).stdout).unwrap();
    assert!(listed["embedded"].is_null() && listed["embedded_error"].is_string(), "{listed}");

    let nothing = tempfile::tempdir().unwrap();
    let mut alone = sre(&["compare", "a"]);
    for variable in ["PATH", "HOME", "PYENV_ROOT", "XDG_DATA_HOME", "UV_PYTHON_INSTALL_DIR", "SRE_PYTHONS"] {
        alone.env(variable, if variable == "SRE_PYTHONS" { Path::new("") } else { nothing.path() });
    }
    let alone = alone.env(name, value).output().unwrap();
    assert_eq!(alone.status.code(), Some(1), "{alone:?}");
    assert!(
        text(&alone.stderr).contains(DOES_NOT_START)
            && text(&alone.stderr).contains("no Python with a dialect was found"),
        "{alone:?}"
    );
}

fn another_interpreter_is_used_instead_of_one_that_does_not_start_and_that_is_said() -> Result<(), Missing> {
    let newest = common::newest()?;
    let (name, value) = FAILS_TO_START;
    let run = |arguments: &[&str]| sre(arguments).env(name, value).output().unwrap();
    let said =
        format!("warning: {DOES_NOT_START}; using {}, {}\n", newest.info.label(), newest.path.display());
    let compared = run(&["compare", "--format", "json", "a"]);
    assert_eq!((compared.status.code(), text(&compared.stderr)), (Some(0), said.clone()));
    assert_eq!(compared_with(&compared), newest.info.label());
    let regressions = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/regressions");
    let case = corpus::files(&regressions).unwrap().remove(0);
    for arguments in [
        &["explain", "a"][..],
        &["memory", "a"],
        &["corpus", "test", case.to_str().unwrap()],
        &["minimize", "--target", "3.8", "a"],
    ] {
        let output = run(arguments);
        assert!(matches!(output.status.code(), Some(0 | 2)), "{arguments:?} {output:?}");
        assert_eq!(text(&output.stderr), said, "{arguments:?}");
    }
    Ok(())
}

/// The folder of an interpreter's shared library.
#[cfg(target_os = "linux")]
fn library(python: &Interpreter) -> Option<PathBuf> {
    let ask = "import sysconfig as s; v = s.get_config_var; print(v('LIBDIR')); print(v('INSTSONAME'))";
    let output = Command::new(&python.path).args(["-I", "-S", "-c", ask]).output().ok()?;
    let printed = text(&output.stdout);
    let (folder, name) = printed.trim().split_once('\n')?;
    let multiarch = ["", "x86_64-linux-gnu", "aarch64-linux-gnu"];
    multiarch.iter().map(|under| Path::new(folder).join(under)).find(|folder| folder.join(name).is_file())
}

/// The folder of another libpython of the embedded minor version, which the loader takes for the one that was linked.
#[cfg(target_os = "linux")]
fn other_library() -> Result<PathBuf, Missing> {
    let own = Embedded::new().unwrap().info().version;
    let is_other = |python: &Interpreter| {
        python.info.version != own && python.info.version.1 == own.1 && python.dialect.is_ok()
    };
    let found = pythons::find().into_iter().filter(is_other).find_map(|python| library(&python));
    Prerequisite::OtherLibpython.require(found)
}

#[cfg(target_os = "linux")]
fn is_refused_with_another_library(python: &str, folder: &Path, why: &str) {
    let mut command = sre(&["compare", "--pythons", python, "a"]);
    let output = command.env("LD_LIBRARY_PATH", folder).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stderr).contains(why), "{output:?}");
}

#[cfg(target_os = "linux")]
fn another_libpython_is_not_compared_with_the_library_of_the_linked_one() -> Result<(), Missing> {
    let folder = other_library()?;
    let output = sre(&["compare", "--format", "json", "a"]).env("LD_LIBRARY_PATH", &folder).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(text(&output.stderr).contains("the loaded libpython is"), "{output:?}");
    is_refused_with_another_library("embedded", &folder, "the loaded libpython is");
    Ok(())
}

/// Of a worker, only the C headers beside its library tell the version of that.
#[cfg(target_os = "linux")]
fn a_worker_with_another_libpython_is_refused() -> Result<(), Missing> {
    let folder = other_library()?;
    let own = Embedded::new().unwrap().info().version;
    let headers = |python: &Interpreter| {
        let prefix = python.path.parent().unwrap().parent().unwrap();
        prefix.join(format!("include/python3.{}/patchlevel.h", own.1)).is_file() && library(python).is_some()
    };
    let same_version = pythons::find().into_iter().find(|python| python.info.version == own).filter(headers);
    let same_version = Prerequisite::PythonHeaders.require(same_version)?;
    is_refused_with_another_library(same_version.path.to_str().unwrap(), &folder, "with the library of 3.");
    Ok(())
}

fn main() -> ExitCode {
    let mut tests = sre_test_support::trials! {
        the_embedded_interpreter_is_the_same_in_every_environment,
        worker_processes_are_the_same_in_every_environment,
        every_verb_works_in_a_hostile_environment_with_the_embedded_interpreter,
        every_verb_works_in_a_hostile_environment_with_a_worker,
        a_recorded_program_keeps_its_environment,
        the_environment_sets_the_allocator_the_hash_seed_and_the_limit_of_digits_and_nothing_else,
        an_embedded_interpreter_that_does_not_start_is_an_error_with_the_reason,
        another_interpreter_is_used_instead_of_one_that_does_not_start_and_that_is_said,
        #[cfg(target_os = "linux")]
        another_libpython_is_not_compared_with_the_library_of_the_linked_one,
        #[cfg(target_os = "linux")]
        a_worker_with_another_libpython_is_refused,
    };
    // Run by a test above, in an environment of its own.
    tests.push(sre_test_support::test("prints_the_settings", prints_the_settings).with_ignored_flag(true));
    sre_test_support::run(tests)
}
