//! Putting the functions in their places, and taking them out.

use std::ptr;

use pyo3_ffi::*;

use crate::code_list;
use crate::function::{Definition, definition};
use crate::guard::{self, Found};
use crate::inner::inner_hook;
use crate::module::minor_version;
use crate::numbers::Numbers;
use crate::object::{Owned, attribute_or_none, import, set_attribute, take_error};
use crate::outer::outer_hook;
use crate::startup::stop_waiting;
use crate::state::State;
use crate::versions;

static INNER: Definition = definition(c"compile", inner_hook, c"compile($module, p, flags=0)\n--\n\n");
static OUTER: Definition = definition(c"_compile", outer_hook, c"_compile($module, pattern, flags)\n--\n\n");

/// Replaces the functions. Returns whether they are in place; if not, `state.why` says why.
pub(crate) fn install(state: &State, module: *mut PyObject, cache: bool, verify: bool) -> bool {
    match try_to_install(state, module, cache, verify) {
        Ok(()) => {
            state.why.set(None);
            true
        }
        Err(why) => {
            state.why.set(Some(why));
            false
        }
    }
}

fn try_to_install(state: &State, module: *mut PyObject, cache: bool, verify: bool) -> Result<(), String> {
    if state.enabled.get() {
        uninstall(state);
    }
    let known = versions::known(versions::running()?)?;
    let found = guard::find(known.dialect)?;
    let mut numbers = Numbers::new().ok_or_else(take_error)?;
    let lists_are_known = code_list::is_known(&mut numbers).ok_or_else(take_error)?;
    if verify {
        // It imports re itself, so not in the middle of a compilation.
        import(c"sre_compiler._verify").ok_or_else(take_error)?;
    }
    state.plain_lists.set(!lists_are_known);
    state.dialect.set(Some(known.dialect));
    state.leave_names.set(known.leave_names);
    state.verify.set(verify);
    state.workspace.set(None);
    put_in_place(state, module, found, cache).ok_or_else(take_error)
}

/// `None` with an exception set.
fn put_in_place(state: &State, module: *mut PyObject, found: Found, cache: bool) -> Option<()> {
    let Found { re, compiler, inner, outer, regex_flag, pattern_type, sre, two_caches } = found;
    // SAFETY: the definitions are static, and the module is alive. Dictionaries of modules are borrowed from these.
    let (inner_hook, outer_hook) = unsafe {
        let make = |definition: &'static Definition, owner: &Owned| {
            let name = Owned::new(PyModule_GetNameObject(owner.as_ptr()))?;
            definition.function(module, name.as_ptr())
        };
        state.re_dict.set(Owned::borrowed(PyModule_GetDict(re.as_ptr())));
        state.compiler_dict.set(Owned::borrowed(PyModule_GetDict(compiler.as_ptr())));
        (make(&INNER, &compiler)?, make(&OUTER, &re)?)
    };
    state.inner.set(Some(inner));
    state.outer.set(Some(outer));
    state.regex_flag.set(Some(regex_flag));
    state.pattern_type.set(Some(pattern_type));
    state.sre.set(Some(sre));
    state.two_caches.set(two_caches);
    state.inner_hook.set(Some(inner_hook.clone()));
    state.outer_hook.set(cache.then(|| outer_hook.clone()));
    state.enabled.set(true);
    let placed = set_attribute(compiler.as_ptr(), c"compile", inner_hook.as_ptr())
        && (!cache || set_attribute(re.as_ptr(), c"_compile", outer_hook.as_ptr()));
    state.enabled.set(placed);
    placed.then_some(())
}

/// Restores CPython's functions wherever this module's are still installed. Those that others hold forward every call from now on.
pub(crate) fn uninstall(state: &State) {
    stop_waiting(state);
    if !state.enabled.replace(false) {
        return;
    }
    state.verify.set(false);
    state.why.set(Some("uninstall() was called".to_owned()));
    let modules = [
        (import(c"re"), c"_compile", &state.outer_hook, &state.outer),
        (compiler_module(), c"compile", &state.inner_hook, &state.inner),
    ];
    for (module, name, hook, original) in modules {
        if let Some(module) = module
            && let Some(current) = attribute_or_none(module.as_ptr(), name)
            && ptr::eq(current.as_ptr(), hook.get())
        {
            set_attribute(module.as_ptr(), name, original.get());
        }
        crate::object::clear_error();
    }
    state.workspace.set(None);
}

fn compiler_module() -> Option<Owned> {
    // From 3.11 the other name is that of a module that warns.
    import(if minor_version() <= 10 { c"sre_compile" } else { c"re._compiler" })
}
