//! What is checked before anything is replaced.

use std::ptr;

use pyo3_ffi::*;
use sre_compiler::Dialect;

use crate::object::{Owned, attribute, attribute_or_none, import, take_error, text_of};
use crate::sre::SreCompile;

/// CPython's functions, and where they are.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) re: Owned,
    pub(crate) compiler: Owned,
    pub(crate) inner: Owned,
    pub(crate) outer: Owned,
    pub(crate) regex_flag: Owned,
    pub(crate) pattern_type: Owned,
    pub(crate) sre: SreCompile,
    pub(crate) two_caches: bool,
}

/// Finds CPython's functions; or says why nothing should be replaced.
pub(crate) fn find(dialect: Dialect) -> Result<Found, String> {
    let minor = dialect.min_version().1;
    let imported = || {
        let re = import(c"re")?;
        let (compiler, parser) = match minor {
            ..=10 => (import(c"sre_compile")?, import(c"sre_parse")?),
            _ => (import(c"re._compiler")?, import(c"re._parser")?),
        };
        Some((re, compiler, parser, import(c"_sre")?))
    };
    let (re, compiler, parser, sre) = imported().ok_or_else(take_error)?;
    let get = |module: &Owned, name| attribute(module.as_ptr(), name).ok_or_else(take_error);
    let inner = get(&compiler, c"compile")?;
    let outer = get(&re, c"_compile")?;
    let functions = [
        (&outer, &re, "re._compile"),
        (&inner, &compiler, "the function compile of re's compiler"),
        (&get(&compiler, c"_code")?, &compiler, "the function _code of re's compiler"),
        (&get(&parser, c"parse")?, &parser, "the function parse of re's parser"),
    ];
    for (function, module, name) in functions {
        if !is_own_function(function, module) {
            return Err(format!("{name} was replaced by another package"));
        }
    }
    let sre_compile = get(&sre, c"compile")?;
    let sre_function = SreCompile::of(&sre_compile).ok_or("_sre.compile is not the expected C function")?;
    let constant = |name| {
        let value = attribute_or_none(sre.as_ptr(), name);
        // SAFETY: the object is alive; the interpreter sets these to small integers.
        value.map(|value| unsafe { PyLong_AsUnsignedLongLong(value.as_ptr()) })
    };
    if constant(c"MAGIC") != Some(dialect.magic().into()) || constant(c"CODESIZE") != Some(4) {
        return Err("_sre is of another version than re".to_owned());
    }
    let sys = import(c"sys").ok_or_else(take_error)?;
    if attribute_or_none(sys.as_ptr(), c"getobjects").is_some() {
        return Err("the interpreter traces references, so its objects have another layout".to_owned());
    }
    let two_caches = attribute_or_none(re.as_ptr(), c"_cache2").is_some();
    Ok(Found {
        regex_flag: get(&re, c"RegexFlag")?,
        pattern_type: get(&re, c"Pattern")?,
        sre: sre_function,
        two_caches,
        inner,
        outer,
        re,
        compiler,
    })
}

/// Returns whether an object is a Python function, not a wrapper of one, that was defined in a module.
fn is_own_function(function: &Owned, module: &Owned) -> bool {
    let own = || {
        // SAFETY: the objects are alive; the dictionary of a module is borrowed from it.
        unsafe {
            let kind = attribute_or_none(Py_TYPE(function.as_ptr()).cast(), c"__name__")?;
            let globals = attribute_or_none(function.as_ptr(), c"__globals__")?;
            let is_function = text_of(kind.as_ptr())? == "function";
            Some(is_function && ptr::eq(globals.as_ptr(), PyModule_GetDict(module.as_ptr())))
        }
    };
    own().unwrap_or(false)
}
