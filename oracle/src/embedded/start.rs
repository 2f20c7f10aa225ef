//! Starting the interpreter that the build links, isolated.
//!
//! It takes its library from where it is installed and nowhere else: no PYTHONHOME, PYTHONPATH,
//! user site, current folder, or `python3` on the PATH. Of the environment it obeys three settings:
//!
//! | variable | for what |
//! |---|---|
//! | PYTHONMALLOC | a leak sanitizer has to see each block: `malloc` |
//! | PYTHONHASHSEED | counting instructions, which must be the same each time |
//! | PYTHONINTMAXSTRDIGITS | showing the known divergence `int-digits` |

use std::env;
use std::ffi::{CStr, CString, c_int, c_ulong};
use std::mem;
use std::sync::OnceLock;

use pyo3::ffi;
use pyo3::prelude::*;

use super::library::{Interpreter, LINKED, check_files};

/// Starts the interpreter, unless it runs already.
pub(super) fn start() -> Result<(), String> {
    // CPython cannot start again after it failed half-way.
    static STARTED: OnceLock<Result<(), String>> = OnceLock::new();
    STARTED.get_or_init(start_once).clone()
}

/// The interpreter that the build links.
pub(super) fn linked() -> Result<Interpreter, String> {
    let unknown = "the build found no executable of it; build with PYO3_PYTHON=/path/to/python3";
    LINKED.ok_or_else(|| unknown.to_owned())
}

fn start_once() -> Result<(), String> {
    let linked = linked()?;
    // SAFETY: it returns a static text, and may be called before the interpreter starts.
    let version = unsafe { CStr::from_ptr(ffi::Py_GetVersion()) }.to_string_lossy();
    if version != linked.version {
        return Err(format!(
            "the libpython that was loaded is {}, where this program was built with {}; is LD_LIBRARY_PATH set?",
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

/// What the environment sets.
struct Settings {
    allocator: c_int,
    hash_seed: Option<c_ulong>,
    digits: Option<u32>,
}

/// The values of PYTHONMALLOC, in the order of CPython's `PyMemAllocatorName`, which begins with
/// "not set".
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

/// `mimalloc` came with 3.13.
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
                None => return Err(format!("PYTHONMALLOC={malloc}: no allocator of this interpreter")),
            },
            hash_seed: hash_seed?,
            digits: digits?,
        })
    }
}

/// Not a field of `PyConfig` before 3.12; interpreters before the limit have no such function.
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
    // SAFETY: no interpreter runs, and `start` calls this only once. Both structures are C's, for which zeros are a value,
    // and are filled in by CPython before they are used. The texts live until they were copied.
    // When the interpreter has started, this thread is attached to it, until it saves its state as
    // the last thing that it does.
    unsafe {
        let mut before: ffi::PyPreConfig = mem::zeroed();
        ffi::PyPreConfig_InitIsolatedConfig(&mut before);
        // Names of files are not to depend on the locale.
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
            // Else CPython looks for `python3` on the PATH.
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
    // SAFETY: it only looks at the status.
    if unsafe { ffi::PyStatus_Exception(status) } == 0 {
        return Ok(());
    }
    if status.err_msg.is_null() {
        return Err("CPython says no reason".to_owned());
    }
    // SAFETY: a static text of CPython.
    Err(unsafe { CStr::from_ptr(status.err_msg) }.to_string_lossy().into_owned())
}
