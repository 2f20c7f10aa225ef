//! Compiling a pattern that is plain: one that CPython accepts without a warning.

use std::ptr;

use pyo3_ffi::*;
#[cfg(not(feature = "injected-bug"))]
use sre_compiler::Program;
use sre_compiler::{Error, ErrorKind, Flags, Pattern};

use crate::object::{Owned, clear_error};
use crate::state::{Reason, State};
use crate::workspace::{Compiled, Workspace};

/// I, L, M, S, U, X and A.
const KNOWN_FLAGS: i64 = 2 | 4 | 8 | 16 | 32 | 64 | 256;

/// Reads flags that are exactly an `int` or exactly a `re.RegexFlag`, and have no other bits than those of
/// [`KNOWN_FLAGS`].
#[inline]
pub(crate) fn flags_of(state: &State, flags: *mut PyObject) -> Option<Flags> {
    // SAFETY: the object is alive, and is an integer if it is read as one.
    unsafe {
        let kind = Py_TYPE(flags);
        if !ptr::eq(kind, &raw mut PyLong_Type) && !ptr::eq(kind.cast(), state.regex_flag.get()) {
            return None;
        }
        // A C long has 32 bits on Windows.
        #[allow(clippy::unnecessary_cast)]
        let bits = PyLong_AsLong(flags) as i64;
        if bits & !KNOWN_FLAGS == 0 {
            return Some(Flags::from_bits(bits));
        }
        // -1 may mean an error.
        clear_error();
        None
    }
}

/// Compiles a pattern, or says why it is left to CPython. No exception is set then.
#[inline]
pub(crate) fn compile(state: &State, pattern: *mut PyObject, flags: Flags) -> Result<Owned, Reason> {
    let mut workspace = take_workspace(state).ok_or(Reason::Limit)?;
    let result = match run(state, &mut workspace, pattern, flags) {
        Ok(Compiled::Plain) => make_pattern(state, &mut workspace, pattern),
        Ok(Compiled::Warned) => Err(Reason::Warned),
        Ok(Compiled::Failed(error)) => Err(reason_of(&error)),
        Ok(Compiled::Panicked) => return Err(switch_off(state)),
        Err(reason) => Err(reason),
    };
    workspace.release_excess();
    state.workspace.set(Some(workspace));
    result
}

/// Takes the workspace out, or makes another while the first is in use.
#[inline]
pub(crate) fn take_workspace(state: &State) -> Option<Box<Workspace>> {
    if let Some(workspace) = state.workspace.take() {
        return Some(workspace);
    }
    let made = state.dialect.get().and_then(Workspace::new);
    if made.is_none() {
        clear_error();
    }
    made.map(Box::new)
}

/// Compiles a pattern into the workspace.
#[inline]
pub(crate) fn run(
    state: &State,
    workspace: &mut Workspace,
    pattern: *mut PyObject,
    flags: Flags,
) -> Result<Compiled, Reason> {
    let compiled = state.text.read(pattern, |text| {
        if state.leave_names.get() && has_character_name(text) {
            return Err(Reason::CharacterName);
        }
        Ok(workspace.compile(text, flags))
    });
    compiled.unwrap_or(Err(Reason::OtherType))
}

/// Makes the pattern object of the workspace's program.
#[inline]
pub(crate) fn make_pattern(
    state: &State,
    workspace: &mut Workspace,
    pattern: *mut PyObject,
) -> Result<Owned, Reason> {
    let Workspace { program, list, numbers, .. } = workspace;
    let mut make = || {
        let sre = state.sre.get()?;
        let (index, groups) = state.tables.of(program, numbers)?;
        let flags = numbers.get(program.flags().bits() as u32)?;
        let count = numbers.get(program.group_count())?;
        let code = &code_of(program)[..];
        let call = |code| sre.call([pattern, flags, code, count, index.as_ptr(), groups.as_ptr()]);
        if state.plain_lists.get() {
            let code = crate::code_list::new_list(code, numbers);
            let made = code.and_then(|code| call(code.as_ptr()));
            numbers.finish();
            return made;
        }
        list.with(code, numbers, call)
    };
    make().ok_or_else(|| {
        clear_error();
        Reason::Refused
    })
}

/// Returns the code of a program.
#[cfg(not(feature = "injected-bug"))]
#[inline(always)]
pub(crate) fn code_of(program: &Program) -> &[u32] {
    program.code()
}

#[cfg(feature = "injected-bug")]
pub(crate) use crate::injected::code_of;

/// Returns why a pattern with this error is left to CPython.
pub(crate) fn reason_of(error: &Error) -> Reason {
    match error.kind() {
        ErrorKind::TooDeep | ErrorKind::OutOfMemory | ErrorKind::MemoryLimit | ErrorKind::CodeLimit => {
            Reason::Limit
        }
        _ => Reason::Invalid,
    }
}

/// After a panic, which is a bug of the compiler, CPython compiles everything.
#[cold]
pub(crate) fn switch_off(state: &State) -> Reason {
    state.enabled.set(false);
    state.why.set(Some("switched off after a panic of the compiler; please report it".to_owned()));
    Reason::Limit
}

fn has_character_name(text: Pattern<'_>) -> bool {
    let mut last = ['\0'; 2].map(u32::from);
    text.chars().any(|c| {
        let found = [last[0], last[1], c] == ['\\', 'N', '{'].map(u32::from);
        last = [last[1], c];
        found
    })
}
