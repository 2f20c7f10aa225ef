//! Coverage of CPython's own compiler guides the search: an input that reaches a new branch of it is added to
//! the corpus as well.
//!
//! CPython's compiler runs with a mark at each branch ([`PYTHON_BRANCHES`]). After an input the marks are copied
//! to libFuzzer's section of extra counters, which libFuzzer clears before the next input. Marks make the compiler
//! slower by a third to a half, and seldom show what the coverage of the Rust code does not, so most inputs are
//! compiled without them.

use std::ffi::CString;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use sre_oracle::{Embedded, PYTHON_BRANCHES};
use sre_support::first_variable;

/// The environment variable that selects the coverage that guides the search: `0` that of the Rust code, `1` that
/// of CPython's compiler as well, for a share of the inputs, `every` the same for every input, `only` that of
/// CPython's compiler alone, `none` neither. The default is `1` when fuzzing, and `0` in a replay.
pub const COVERAGE: &str = "SRE_FUZZ_COVERAGE";

/// The former name of [`COVERAGE`], read if that is not set.
const FORMER: &str = "SRE_FUZZ_GUIDE";

/// Returns the value of [`COVERAGE`], and the name of the variable that has it.
fn setting() -> Option<(&'static str, String)> {
    first_variable(&[COVERAGE, FORMER])
}

/// One of this number of inputs is compiled with marks, by default.
const SHARE: u32 = 8;

/// Limit of branches; CPython 3.8 to 3.15 have about 730.
const MOST: usize = 1024;

/// Aligned, since libFuzzer clears whole words.
#[repr(align(8))]
struct Counters([AtomicU8; MOST]);

// SAFETY: the section contains only this, and only libFuzzer reads it, on the thread that runs the target; atomics may
// be written by others at any time.
// `used`, since the optimizer sees no code that reads it.
#[used]
#[cfg_attr(all(fuzzing, target_os = "linux"), unsafe(link_section = "__libfuzzer_extra_counters"))]
static COUNTERS: Counters = Counters([const { AtomicU8::new(0) }; MOST]);

/// The compiler of the embedded interpreter, with marks.
#[derive(Debug)]
pub struct CpythonCoverage {
    take: Py<PyAny>,
    sites: usize,
    /// The interpreter's `parse` and `_code` with marks, and without.
    marked: [Py<PyAny>; 2],
    plain: [Py<PyAny>; 2],
    /// Whether those with marks are in use.
    is_marked: bool,
    /// One of this number of inputs is compiled with marks.
    share: u32,
}

/// Clears libFuzzer's counters of the Rust code, if these are not to guide the search. To be called last.
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
    // One counter remains: libFuzzer ends if none is ever reached.
    // SAFETY: the linker puts the symbols at the two ends of the section with the counters of instrumented code, one
    // byte each. No Rust reference to any of them exists.
    unsafe {
        std::ptr::write_bytes(start, 0, stop.offset_from_unsigned(start));
        start.write(1);
    }
}

#[cfg(not(all(fuzzing, target_os = "linux")))]
fn clear_own_counters() {}

impl CpythonCoverage {
    /// Replaces the interpreter's compiler by one with marks, if the environment asks for it.
    ///
    /// # Errors
    /// If there is no source of CPython's modules, or the variable has an unknown value.
    pub fn from_environment(embedded: &mut Embedded) -> Result<Option<CpythonCoverage>, String> {
        let share = match setting() {
            None => cfg!(fuzzing).then_some(SHARE),
            Some((name, value)) => match value.as_str() {
                "1" => Some(SHARE),
                "every" | "only" => Some(1),
                "0" | "none" => None,
                _ => return Err(format!("{name}={value}: unknown value (known: 0, 1, every, only, none)")),
            },
        };
        share.map(|share| Ok(CpythonCoverage::new(embedded)?.for_one_of(share))).transpose()
    }

    /// Replaces the interpreter's compiler by one with marks.
    ///
    /// # Errors
    /// The reason why this is impossible.
    pub fn new(embedded: &mut Embedded) -> Result<CpythonCoverage, String> {
        let load = |py: Python<'_>| {
            let source = CString::new(PYTHON_BRANCHES)?;
            let module = PyModule::from_code(py, &source, c"branches.py", c"sre_branches")?;
            let branches = module.getattr("Branches")?.call0()?;
            let get = |name: &str| branches.getattr(name).map(Bound::unbind);
            let marked = [get("parse")?, get("code")?];
            embedded.ask(marked[0].bind(py), marked[1].bind(py))?;
            Ok(CpythonCoverage {
                take: get("take")?,
                sites: branches.getattr("sites")?.len()?,
                marked,
                plain: [get("plain_parse")?, get("plain_code")?],
                is_marked: true,
                share: 1,
            })
        };
        let coverage =
            Python::attach(load).map_err(|error: PyErr| format!("no coverage of CPython: {error}"))?;
        match coverage.sites <= MOST {
            true => Ok(coverage),
            false => Err(format!("no coverage of CPython: {} branches, more than {MOST}", coverage.sites)),
        }
    }

    /// Returns how many branches have a mark.
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// Takes marks for one of this number of inputs.
    #[must_use]
    pub fn for_one_of(self, share: u32) -> CpythonCoverage {
        CpythonCoverage { share, ..self }
    }

    /// Selects whether the next case, which has this hash, is compiled with marks.
    ///
    /// # Errors
    /// Only if memory runs out.
    pub fn select(&mut self, embedded: &mut Embedded, hash: u32) -> PyResult<()> {
        let is_marked = hash.is_multiple_of(self.share);
        if is_marked != self.is_marked {
            let [parse, code] = if is_marked { &self.marked } else { &self.plain };
            Python::attach(|py| embedded.ask(parse.bind(py), code.bind(py)))?;
            self.is_marked = is_marked;
        }
        Ok(())
    }

    /// Passes the branches reached since the last call to libFuzzer, and returns their number; 0 if the
    /// last case was compiled without marks.
    ///
    /// # Errors
    /// If the interpreter raises an exception, such as MemoryError.
    pub fn tell(&self) -> PyResult<usize> {
        if !self.is_marked {
            return Ok(0);
        }
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
