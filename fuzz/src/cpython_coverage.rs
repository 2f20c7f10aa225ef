//! Coverage of the reference guides the search: an input is worth keeping, too, if it reaches something new in CPython's own compiler.
//!
//! That runs with a mark at each branch ([`PYTHON_BRANCHES`]). After an input the marks are copied to where libFuzzer
//! looks for counters that no compiler made, and clears them before the next.

use std::env;
use std::ffi::CString;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use sre_oracle::{Embedded, PYTHON_BRANCHES};

/// The environment variable that says what guides: `0` what is reached in our code, `1` in CPython's as well, `only`
/// in CPython's alone, `none` neither. Without it, it is `1` when fuzzing, and `0` in a replay.
pub const COVERAGE: &str = "SRE_FUZZ_COVERAGE";

/// The former name of [`COVERAGE`], which still counts where that is not set.
const FORMER: &str = "SRE_FUZZ_GUIDE";

/// Returns the value of [`COVERAGE`], and the name of the variable that has it.
fn setting() -> Option<(&'static str, String)> {
    [COVERAGE, FORMER].into_iter().find_map(|name| env::var(name).ok().map(|value| (name, value)))
}

/// Every CPython that is known has some 730 sites.
const MOST: usize = 1024;

/// libFuzzer clears words.
#[repr(align(8))]
struct Counters([AtomicU8; MOST]);

// SAFETY: the section holds nothing but this, and is read by nothing but libFuzzer, on the thread that runs the target;
// atomics may be written by others at any time.
// `used`, for nothing that the optimizer sees reads it.
#[used]
#[cfg_attr(all(fuzzing, target_os = "linux"), unsafe(link_section = "__libfuzzer_extra_counters"))]
static COUNTERS: Counters = Counters([const { AtomicU8::new(0) }; MOST]);

/// The compiler of the embedded interpreter, with marks.
#[derive(Debug)]
pub struct CpythonCoverage {
    take: Py<PyAny>,
    sites: usize,
}

/// Has libFuzzer forget what was reached in our code, if that is not to guide. To be called when all else is done.
pub fn forget_own_coverage() {
    static IS_FORGOTTEN: LazyLock<bool> =
        LazyLock::new(|| setting().is_some_and(|(_, value)| matches!(value.as_str(), "only" | "none")));
    if *IS_FORGOTTEN {
        clear_own_counters();
    }
}

#[cfg(all(fuzzing, target_os = "linux"))]
fn clear_own_counters() {
    unsafe extern "C" {
        #[link_name = "__start___sancov_cntrs"]
        static mut START: u8;
        #[link_name = "__stop___sancov_cntrs"]
        static mut STOP: u8;
    }
    let (start, stop) = (&raw mut START, &raw mut STOP);
    // One stays: libFuzzer gives up where nothing is ever reached.
    // SAFETY: the linker puts the symbols at the two ends of the section that holds the counters of instrumented code,
    // one byte each. No Rust reference to any of them exists.
    unsafe {
        std::ptr::write_bytes(start, 0, stop.offset_from_unsigned(start));
        start.write(1);
    }
}

#[cfg(not(all(fuzzing, target_os = "linux")))]
fn clear_own_counters() {}

impl CpythonCoverage {
    /// Puts the compiler with marks in the place of the one without, if the environment asks for it.
    ///
    /// # Errors
    /// Says why it cannot be: there is no source of CPython's modules, or the variable's value is not understood.
    pub fn from_environment(embedded: &mut Embedded) -> Result<Option<CpythonCoverage>, String> {
        let is_wanted = match setting() {
            None => cfg!(fuzzing),
            Some((name, value)) => match value.as_str() {
                "1" | "only" => true,
                "0" | "none" => false,
                _ => return Err(format!("{name}={value}: unknown value (known: 0, 1, only, none)")),
            },
        };
        is_wanted.then(|| CpythonCoverage::new(embedded)).transpose()
    }

    /// Puts the compiler with marks in the place of the one without.
    ///
    /// # Errors
    /// Says why it cannot be.
    pub fn new(embedded: &mut Embedded) -> Result<CpythonCoverage, String> {
        let load = |py: Python<'_>| {
            let source = CString::new(PYTHON_BRANCHES)?;
            let module = PyModule::from_code(py, &source, c"branches.py", c"sre_branches")?;
            let branches = module.getattr("Branches")?.call0()?;
            embedded.ask(&branches.getattr("parse")?, &branches.getattr("code")?)?;
            let sites = branches.getattr("sites")?.len()?;
            Ok(CpythonCoverage { take: branches.getattr("take")?.unbind(), sites })
        };
        let coverage =
            Python::attach(load).map_err(|error: PyErr| format!("no coverage of CPython: {error}"))?;
        match coverage.sites <= MOST {
            true => Ok(coverage),
            false => Err(format!("no coverage of CPython: {} branches, more than {MOST}", coverage.sites)),
        }
    }

    /// How many branches have a mark.
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// Tells libFuzzer what was reached since the last time; and the caller, how many branches that are.
    ///
    /// # Errors
    /// If the interpreter raises something, as when it is out of memory.
    pub fn tell(&self) -> PyResult<usize> {
        Python::attach(|py| {
            let taken = self.take.bind(py).call0()?;
            let marks = taken.cast::<PyBytes>()?.as_bytes();
            for (counter, &mark) in COUNTERS.0.iter().zip(marks) {
                counter.store(mark, Ordering::Relaxed);
            }
            Ok(marks.iter().filter(|&&mark| mark > 0).count())
        })
    }
}
