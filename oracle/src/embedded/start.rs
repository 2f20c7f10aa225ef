//! Starting the interpreter that the build links, isolated.
//!
//! It loads its library only from where it is installed, or from the folder `python` beside the
//! program, where a program that is moved brings it along, whatever PYTHONHOME, PYTHONPATH, the user
//! site, the current folder or the PATH say. Three environment variables have an effect:
//!
//! | variable | purpose |
//! |---|---|
//! | PYTHONMALLOC | `malloc` lets a leak sanitizer see each block |
//! | PYTHONHASHSEED | makes counts of instructions reproducible |
//! | PYTHONINTMAXSTRDIGITS | shows the known divergence `int-digits` |

use std::env;
use std::ffi::{CStr, CString, c_int, c_ulong};
use std::mem;
use std::sync::OnceLock;

use pyo3::ffi;
use pyo3::prelude::*;

use super::library::{Interpreter, check_files, found};

/// Starts the interpreter, unless it is already running.
pub(super) fn start() -> Result<(), String> {
    // CPython cannot be started again after a failed start.
    static STARTED: OnceLock<Result<(), String>> = OnceLock::new();
    STARTED.get_or_init(start_once).clone()
}

/// Returns the interpreter that the build links.
pub(super) fn linked() -> Result<Interpreter, String> {
    let unknown = "the build found no executable for it; rebuild with PYO3_PYTHON=/path/to/python3";
    found().ok_or_else(|| unknown.to_owned())
}

fn start_once() -> Result<(), String> {
    let linked = linked()?;
    // SAFETY: returns a static text, and may be called before the interpreter starts.
    let version = unsafe { CStr::from_ptr(ffi::Py_GetVersion()) }.to_string_lossy();
    if version != linked.version {
        return Err(format!(
            "the loaded libpython is {}, but this program was built with {}; is LD_LIBRARY_PATH set?",
            one_line(&version),
            one_line(linked.version)
        ));
    }
    check_files(linked.files)?;
    let settings = Settings::from_environment()?;
    // SAFETY: may be called before the interpreter starts.
    if unsafe { ffi::Py_IsInitialized() } == 0 {
        initialize(&linked, &settings)?;
    }
    match settings.digits {
        Some(digits) => Python::attach(|py| set_digits(py, digits)),
        None => Ok(()),
    }
}

fn one_line(version: &str) -> String {
    version.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The settings from the environment.
struct Settings {
    allocator: c_int,
    hash_seed: Option<c_ulong>,
    digits: Option<u32>,
}

/// The values of PYTHONMALLOC in the order of CPython's `PyMemAllocatorName`. The first is "not set".
const ALLOCATORS: [&str; 9] = [
    "",
    "default",
    "debug",
    "malloc",
    "malloc_debug",
    "pymalloc",
    "pymalloc_debug",
    "mimalloc",
    "mimalloc_debug",
];

/// `mimalloc` is new in 3.13.
const KNOWN_ALLOCATORS: usize = if cfg!(Py_3_13) { 9 } else { 7 };

impl Settings {
    fn from_environment() -> Result<Settings, String> {
        let value = |name: &str| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        let malloc = value("PYTHONMALLOC").unwrap_or_default();
        let allocator = ALLOCATORS[..KNOWN_ALLOCATORS].iter().position(|name| *name == malloc);
        let hash_seed = match value("PYTHONHASHSEED").as_deref() {
            None | Some("" | "random") => Ok(None),
            Some(seed) => seed
                .parse::<u32>()
                .map(|seed| Some(c_ulong::from(seed)))
                .map_err(|_| format!("PYTHONHASHSEED={seed}: neither `random` nor a number below 2^32")),
        };
        let digits = match value("PYTHONINTMAXSTRDIGITS").as_deref() {
            None | Some("") => Ok(None),
            Some(digits) => {
                digits.parse().map(Some).map_err(|_| format!("PYTHONINTMAXSTRDIGITS={digits}: not a number"))
            }
        };
        Ok(Settings {
            allocator: match allocator {
                Some(number) => number as c_int,
                None => {
                    let known = ALLOCATORS[1..KNOWN_ALLOCATORS].join(", ");
                    return Err(format!("PYTHONMALLOC={malloc}: unknown allocator (known: {known})"));
                }
            },
            hash_seed: hash_seed?,
            digits: digits?,
        })
    }
}

/// Sets the limit of digits. `PyConfig` has no field for it before 3.12, and interpreters without
/// the limit have no such function.
fn set_digits(py: Python<'_>, digits: u32) -> Result<(), String> {
    let sys = py.import("sys").map_err(|error| error.to_string())?;
    match sys.getattr("set_int_max_str_digits") {
        Ok(set) => match set.call1((digits,)) {
            Ok(_) => Ok(()),
            Err(error) => Err(format!("PYTHONINTMAXSTRDIGITS={digits}: {error}")),
        },
        Err(_) => Ok(()),
    }
}

fn initialize(linked: &Interpreter, settings: &Settings) -> Result<(), String> {
    let text = |text: &str| CString::new(text).map_err(|error| error.to_string());
    let (home, executable) = (text(linked.home)?, text(linked.executable)?);
    // SAFETY: no interpreter runs, and `start` calls this once. Both structures are plain C, so that
    // all zeros is a valid value, and CPython fills them in before they are used. The texts outlive
    // the calls that copy them. After the start, this thread is attached to the interpreter until
    // the last call saves its state.
    unsafe {
        let mut before: ffi::PyPreConfig = mem::zeroed();
        ffi::PyPreConfig_InitIsolatedConfig(&mut before);
        // File names must not depend on the locale.
        before.utf8_mode = 1;
        before.allocator = settings.allocator;
        succeeded(ffi::Py_PreInitialize(&before))?;

        let mut config: ffi::PyConfig = mem::zeroed();
        let config = &raw mut config;
        ffi::PyConfig_InitIsolatedConfig(config);
        (*config).site_import = 0;
        if let Some(seed) = settings.hash_seed {
            (*config).use_hash_seed = 1;
            (*config).hash_seed = seed;
        }
        let fields = [
            (&raw mut (*config).home, &home),
            (&raw mut (*config).executable, &executable),
            // Otherwise CPython looks for `python3` on the PATH.
            (&raw mut (*config).program_name, &executable),
        ];
        let set = fields.into_iter().try_for_each(|(field, value)| {
            succeeded(ffi::PyConfig_SetBytesString(config, field, value.as_ptr()))
        });
        let started = set.and_then(|()| succeeded(ffi::Py_InitializeFromConfig(config)));
        ffi::PyConfig_Clear(config);
        started?;
        ffi::PyEval_SaveThread();
    }
    Ok(())
}

fn succeeded(status: ffi::PyStatus) -> Result<(), String> {
    // SAFETY: only reads the status.
    if unsafe { ffi::PyStatus_Exception(status) } == 0 {
        return Ok(());
    }
    if status.err_msg.is_null() {
        return Err("CPython gives no reason".to_owned());
    }
    // SAFETY: a static text of CPython.
    Err(unsafe { CStr::from_ptr(status.err_msg) }.to_string_lossy().into_owned())
}
