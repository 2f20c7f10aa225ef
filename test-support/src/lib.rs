//! A test harness in which a test that lacks a prerequisite is reported as ignored.
//!
//! Some tests need a Python interpreter, recorded samples or valgrind. In Rust's own harness, a test
//! cannot be ignored at run time, so that it would pass without testing anything. A test file with
//! `harness = false` in its `Cargo.toml` lists its tests with [`tests!`] instead:
//!
//! ```no_run
//! use sre_test_support::{Missing, Prerequisite};
//!
//! fn needs_an_interpreter() -> Result<(), Missing> {
//!     let python = Prerequisite::Python.require(std::env::var("NO_SUCH_VARIABLE").ok())?;
//!     assert!(!python.is_empty());
//!     Ok(())
//! }
//!
//! fn needs_nothing() {
//!     assert_eq!(1 + 1, 2);
//! }
//!
//! sre_test_support::tests! { needs_an_interpreter, needs_nothing }
//! ```
//!
//! [`fed`] and [`run_script`] run programs and interpreters with an input; [`write_program`] makes a
//! script that can be run.
//!
//! If the environment variable `SRE_REQUIRE` names a prerequisite (`SRE_REQUIRE=python,samples`),
//! tests that lack it fail. CI sets it, so that no test is ignored unnoticed.

mod process;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Completion, Failed};

pub use libtest_mimic::Trial;
#[cfg(unix)]
pub use process::copy_program;
pub use process::{fed, run_script, write_program};

/// Something that not every machine has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Prerequisite {
    /// A CPython that the compiler has a dialect for.
    Python,
    /// A CPython 3.13 with its standard library.
    Python313,
    /// A CPython with its own tests, `test.test_re`.
    PythonTests,
    /// A build with the embedded interpreter (the feature `embedded`).
    Embedded,
    /// A file of patterns, named by `SRE_SAMPLES`.
    Samples,
    /// The program `valgrind`.
    Valgrind,
    /// PyPy 7.3 for Python 3.9, as `pypy3`.
    PyPy,
    /// A debug build of CPython, which counts references.
    DebugPython,
    /// A CPython whose standard library is beside it, so that both can be copied.
    PythonLibrary,
    /// A CPython of the version that the test is about.
    PythonVersion,
    /// A CPython whose executable also runs from another folder.
    PythonElsewhere,
    /// Another libpython of the embedded interpreter's minor version.
    OtherLibpython,
    /// A CPython of the embedded version, with a shared library and C headers.
    PythonHeaders,
    /// Running as root.
    Root,
    /// The right to mount a small disk.
    Mount,
    /// The device `/dev/full`.
    DevFull,
    /// Chromium, and Node.js with npm.
    Browser,
    /// The program `check-jsonschema`, and the schema of SARIF in a file that `SRE_SARIF_SCHEMA` names.
    JsonSchema,
}

/// What a test lacks.
#[derive(Clone, Copy, Debug)]
pub struct Missing(Prerequisite);

impl Prerequisite {
    /// All of them.
    pub const ALL: [Prerequisite; 18] = [
        Prerequisite::Python,
        Prerequisite::Python313,
        Prerequisite::PythonTests,
        Prerequisite::Embedded,
        Prerequisite::Samples,
        Prerequisite::Valgrind,
        Prerequisite::PyPy,
        Prerequisite::DebugPython,
        Prerequisite::PythonLibrary,
        Prerequisite::PythonVersion,
        Prerequisite::PythonElsewhere,
        Prerequisite::OtherLibpython,
        Prerequisite::PythonHeaders,
        Prerequisite::Root,
        Prerequisite::Mount,
        Prerequisite::DevFull,
        Prerequisite::Browser,
        Prerequisite::JsonSchema,
    ];

    /// Returns the name in `SRE_REQUIRE`.
    pub fn name(self) -> &'static str {
        match self {
            Prerequisite::Python => "python",
            Prerequisite::Python313 => "python3.13",
            Prerequisite::PythonTests => "python-tests",
            Prerequisite::Embedded => "embedded",
            Prerequisite::Samples => "samples",
            Prerequisite::Valgrind => "valgrind",
            Prerequisite::PyPy => "pypy",
            Prerequisite::DebugPython => "python-debug",
            Prerequisite::PythonLibrary => "python-library",
            Prerequisite::PythonVersion => "python-versions",
            Prerequisite::PythonElsewhere => "python-elsewhere",
            Prerequisite::OtherLibpython => "other-libpython",
            Prerequisite::PythonHeaders => "python-headers",
            Prerequisite::Root => "root",
            Prerequisite::Mount => "mount",
            Prerequisite::DevFull => "dev-full",
            Prerequisite::Browser => "browser",
            Prerequisite::JsonSchema => "json-schema",
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Prerequisite::Python => "no CPython from 3.8 to 3.15 was found",
            Prerequisite::Python313 => "no CPython 3.13 was found",
            Prerequisite::PythonTests => "no CPython with its own tests was found",
            Prerequisite::Embedded => "built without the feature `embedded`",
            Prerequisite::Samples => "SRE_SAMPLES names no file",
            Prerequisite::Valgrind => "no valgrind was found",
            Prerequisite::PyPy => "no `pypy3` for Python 3.9 was found",
            Prerequisite::DebugPython => "no debug build of CPython was found, such as python3.11-dbg",
            Prerequisite::PythonLibrary => "no CPython was found whose standard library is beside it",
            Prerequisite::PythonVersion => "no CPython of the tested version was found",
            Prerequisite::PythonElsewhere => "the newest CPython does not run from another folder",
            Prerequisite::OtherLibpython => "no second libpython of the embedded minor version was found",
            Prerequisite::PythonHeaders => {
                "no CPython of the embedded version with a shared library and C headers was found"
            }
            Prerequisite::Root => "not run by root",
            Prerequisite::Mount => "a tmpfs cannot be mounted here",
            Prerequisite::DevFull => "there is no /dev/full",
            Prerequisite::Browser => "no Chromium, or no Node.js with npm, was found",
            Prerequisite::JsonSchema => {
                "check-jsonschema is not on the PATH, or SRE_SARIF_SCHEMA does not name a file"
            }
        }
    }

    /// Returns what was found.
    ///
    /// # Errors
    /// If nothing was found; the test returns this error.
    pub fn require<T>(self, found: Option<T>) -> Result<T, Missing> {
        found.ok_or(Missing(self))
    }

    /// Returns whether `SRE_REQUIRE` names it.
    pub fn is_required(self) -> bool {
        required().contains(&self.name().to_owned())
    }
}

/// Returns the file of patterns that `SRE_SAMPLES` names, if that is set.
///
/// # Panics
/// If there is no such file.
pub fn samples() -> Option<PathBuf> {
    let file = PathBuf::from(sre_support::variable("SRE_SAMPLES")?);
    assert!(file.is_file(), "SRE_SAMPLES={}: no such file", file.display());
    Some(file)
}

/// Returns the names in `SRE_REQUIRE`.
fn required() -> Vec<String> {
    let names = env::var("SRE_REQUIRE").unwrap_or_default();
    names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Returns an error message if `SRE_REQUIRE` names an unknown prerequisite.
fn unknown_requirement() -> Option<String> {
    let known = Prerequisite::ALL.map(Prerequisite::name);
    let unknown = required().into_iter().find(|name| !known.contains(&name.as_str()))?;
    Some(format!("SRE_REQUIRE names {unknown}: unknown prerequisite (known: {})", known.join(", ")))
}

/// The return type of a test function.
pub trait TestResult {
    /// Returns what the test lacked, if anything.
    fn missing(self) -> Option<Missing>;
}

impl TestResult for () {
    fn missing(self) -> Option<Missing> {
        None
    }
}

impl TestResult for Result<(), Missing> {
    fn missing(self) -> Option<Missing> {
        self.err()
    }
}

/// Creates a test. It fails if the function panics; if a prerequisite is missing, it is ignored, or
/// fails if `SRE_REQUIRE` names it.
pub fn test<R: TestResult>(name: impl Into<String>, function: impl FnOnce() -> R + Send + 'static) -> Trial {
    Trial::ignorable_test(name, move || completion(function().missing()))
}

fn completion(missing: Option<Missing>) -> Result<Completion, Failed> {
    match missing {
        None => Ok(Completion::Completed),
        Some(Missing(what)) if what.is_required() => {
            Err(format!("{}, and SRE_REQUIRE asks for {}", what.reason(), what.name()).into())
        }
        Some(Missing(what)) => Ok(Completion::ignored_with(what.reason())),
    }
}

/// Runs tests. The program's arguments are those of Rust's own harness.
pub fn run(tests: Vec<Trial>) -> ExitCode {
    if let Some(why) = unknown_requirement() {
        eprintln!("{why}");
        return ExitCode::FAILURE;
    }
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}

/// Returns the name of a test, qualified by its module within the test file.
#[doc(hidden)]
pub fn name(module: &str, function: &str) -> String {
    match module.split_once("::") {
        Some((_, module)) => format!("{module}::{function}"),
        None => function.to_owned(),
    }
}

/// Creates the tests of a module of a test file, for [`run`].
#[macro_export]
macro_rules! trials {
    ($($(#[$attribute:meta])* $function:ident),+ $(,)?) => {{
        let mut tests = Vec::new();
        $($(#[$attribute])* tests.push($crate::test($crate::name(module_path!(), stringify!($function)), $function));)+
        tests
    }};
}

/// Defines the `main` of a test file, which runs the listed functions. The compiler warns of a
/// function that is not listed, since it is dead code.
#[macro_export]
macro_rules! tests {
    ($($list:tt)+) => {
        fn main() -> std::process::ExitCode {
            $crate::run($crate::trials! { $($list)+ })
        }
    };
}
