//! Which interpreters are known: those with which the compiler was compared, and those that have the same sources.

use pyo3_ffi::*;
use sre_compiler::Dialect;

use crate::object::{Owned, attribute, call, import, string, take_error, text_of};

/// An interpreter: its version, and the version whose compiler it has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Known {
    pub(crate) dialect: Dialect,
    /// The C code of another patch level may differ in how it reads `\N{…}`.
    pub(crate) leave_names: bool,
}

/// Returns what is known about an interpreter, or why it is not supported.
pub(crate) fn known(version: (u32, u32, u32)) -> Result<Known, String> {
    let (major, minor, patch) = version;
    let supported = Dialect::latest_patch(major, minor).filter(|dialect| !dialect.is_preview());
    if supported.is_none() {
        return Err(format!("CPython {major}.{minor} is not supported (3.8 to 3.{})", newest_minor()));
    }
    if Dialect::compared_versions().any(|compared| compared == version)
        && let Some(dialect) = Dialect::from_version(major, minor, patch)
    {
        return Ok(Known { dialect, leave_names: false });
    }
    let name = format!("{major}.{minor}.{patch}");
    let hash = source_hash(minor)
        .map_err(|why| format!("CPython {name} was not compared, and its sources cannot be read: {why}"))?;
    match Dialect::with_sources(version, hash) {
        Some(dialect) => Ok(Known { dialect, leave_names: true }),
        None => {
            Err(format!("CPython {name} was not compared, and its sources of re are unknown ({hash:016x})"))
        }
    }
}

fn newest_minor() -> u32 {
    let released = Dialect::all().filter(|dialect| !dialect.is_preview());
    released.map(|dialect| dialect.min_version().1).max().unwrap_or_default()
}

/// Returns the hash of the sources of `re`, or why they cannot be read.
pub(crate) fn source_hash(minor: u32) -> Result<u64, String> {
    // FNV-1a.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for name in Dialect::source_modules(minor) {
        let bytes = source(name).ok_or_else(take_error)?;
        // SAFETY: the object is alive, and is of bytes.
        let bytes = unsafe {
            if PyBytes_Check(bytes.as_ptr()) == 0 {
                return Err(format!("the loader of {name} returns no bytes"));
            }
            let (start, length) = (PyBytes_AsString(bytes.as_ptr()), PyBytes_Size(bytes.as_ptr()));
            std::slice::from_raw_parts(start.cast::<u8>(), length as usize)
        };
        for &byte in bytes {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    Ok(hash)
}

/// Reads the source of a module by its loader. `None` with an exception set.
fn source(name: &str) -> Option<Owned> {
    let machinery = import(c"sys")?;
    let modules = attribute(machinery.as_ptr(), c"modules")?;
    let name = string(name)?;
    // SAFETY: both are alive, and the result is a new reference.
    let module = unsafe { Owned::new(PyObject_GetItem(modules.as_ptr(), name.as_ptr()))? };
    let spec = attribute(module.as_ptr(), c"__spec__")?;
    let origin = attribute(spec.as_ptr(), c"origin")?;
    let loader = attribute(spec.as_ptr(), c"loader")?;
    let get_data = attribute(loader.as_ptr(), c"get_data")?;
    call(get_data.as_ptr(), &[origin.as_ptr()])
}

/// Returns the version of the running interpreter, or why it is not supported. Python's own table is read, which tests
/// change.
pub(crate) fn running() -> Result<(u32, u32, u32), String> {
    let read = || {
        let sys = import(c"sys")?;
        let implementation = attribute(sys.as_ptr(), c"implementation")?;
        let name = text_of(attribute(implementation.as_ptr(), c"name")?.as_ptr())?;
        let info = attribute(sys.as_ptr(), c"version_info")?;
        // SAFETY: the objects are alive, and the results are new references.
        let item = |n| unsafe { Owned::new(PySequence_GetItem(info.as_ptr(), n)) };
        // SAFETY: the object is alive; a wrong type is an exception, which is cleared below.
        let number = |n| Some(unsafe { PyLong_AsLong(item(n)?.as_ptr()) } as u32);
        let level = text_of(item(3)?.as_ptr())?;
        let flags = attribute(sys.as_ptr(), c"abiflags");
        let is_free_threaded =
            flags.and_then(|flags| text_of(flags.as_ptr())).is_some_and(|flags| flags.contains('t'));
        Some((name, (number(0)?, number(1)?, number(2)?), level, is_free_threaded))
    };
    let read = read();
    let (name, version, level, is_free_threaded) = read.ok_or_else(take_error)?;
    crate::object::clear_error();
    if name != "cpython" {
        return Err(format!("the implementation is {name}, not CPython"));
    }
    if level != "final" {
        let (major, minor, patch) = version;
        return Err(format!("CPython {major}.{minor}.{patch} is a pre-release ({level})"));
    }
    if is_free_threaded {
        return Err("free-threaded interpreters are not supported".to_owned());
    }
    Ok(version)
}
