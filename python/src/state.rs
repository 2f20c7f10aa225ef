//! What the module knows in one interpreter. All fields are cells: any call into Python may run code that comes back.

use std::cell::Cell;
use std::ffi::{c_int, c_void};

use pyo3_ffi::*;
use sre_compiler::Dialect;

use crate::groups::NameTables;
use crate::object::{Owned, Slot, string};
use crate::sre::SreCompile;
use crate::startup::Mode;
use crate::text::TextReader;
use crate::workspace::Workspace;

/// Why a pattern was left to CPython's own compiler.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reason {
    /// It is invalid, so CPython raises the error.
    Invalid,
    /// CPython warns about it.
    Warned,
    /// It is not exactly a `str` or `bytes`.
    OtherType,
    /// Flags of another type, or bits other than those of I, L, M, S, U, X and A.
    OtherFlags,
    /// Wrong or unusual arguments.
    Arguments,
    /// Nested deeper than [`MAX_NESTING`](crate::workspace::MAX_NESTING), or out of memory.
    Limit,
    /// `\N{…}` on a patch level that was not compared.
    CharacterName,
    /// `_sre.compile` refuses the code.
    Refused,
    /// Another function stands in the place of `_compiler.compile`, or the caches are no dictionaries.
    Patched,
}

impl Reason {
    pub(crate) const ALL: [(Reason, &'static std::ffi::CStr); 9] = [
        (Reason::Invalid, c"invalid"),
        (Reason::Warned, c"warned"),
        (Reason::OtherType, c"other_type"),
        (Reason::OtherFlags, c"other_flags"),
        (Reason::Arguments, c"arguments"),
        (Reason::Limit, c"limit"),
        (Reason::CharacterName, c"character_name"),
        (Reason::Refused, c"refused"),
        (Reason::Patched, c"patched"),
    ];
}

/// The state.
pub(crate) struct State {
    /// Whether the functions that stand in the place of CPython's compile; otherwise they pass all on.
    pub(crate) enabled: Cell<bool>,
    pub(crate) verify: Cell<bool>,
    /// What to install once `re` is imported; see [`startup`](crate::startup).
    pub(crate) armed: Cell<Option<Mode>>,
    /// The entry of `sys.meta_path` that waits for `re`, and the loader of `re` that it has changed.
    pub(crate) finder: Slot,
    pub(crate) loader: Slot,
    /// Why nothing is installed.
    pub(crate) why: Cell<Option<String>>,
    pub(crate) dialect: Cell<Option<Dialect>>,
    /// `\N{…}` is left to CPython.
    pub(crate) leave_names: Cell<bool>,
    /// `re` has two caches.
    pub(crate) two_caches: Cell<bool>,
    /// Lists are not laid out as expected.
    pub(crate) plain_lists: Cell<bool>,

    /// CPython's functions.
    pub(crate) inner: Slot,
    pub(crate) outer: Slot,
    /// The functions in their places.
    pub(crate) inner_hook: Slot,
    pub(crate) outer_hook: Slot,
    /// `re.__dict__`, and that of `re._compiler` or `sre_compile`.
    pub(crate) re_dict: Slot,
    pub(crate) compiler_dict: Slot,
    pub(crate) regex_flag: Slot,
    pub(crate) pattern_type: Slot,
    /// The names that are looked up in these dictionaries.
    pub(crate) names: Names,
    pub(crate) sre: Cell<Option<SreCompile>>,
    pub(crate) text: TextReader,
    pub(crate) tables: NameTables,
    pub(crate) workspace: Cell<Option<Box<Workspace>>>,
    /// The address of the pattern that the outer function left to CPython last. The inner function, which CPython then
    /// calls, need not try again. A stale address does no harm, as what is left to CPython is always answered right.
    pub(crate) left: Cell<usize>,

    pub(crate) compiled: Cell<u64>,
    pub(crate) hits: Cell<u64>,
    pub(crate) left_counts: [Cell<u64>; Reason::ALL.len()],
}

/// Interned strings.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) cache: Owned,
    pub(crate) cache2: Owned,
    pub(crate) max_cache: Owned,
    pub(crate) max_cache2: Owned,
    pub(crate) compile: Owned,
}

impl State {
    /// Makes the state. `None` with an exception set.
    pub(crate) fn new() -> Option<State> {
        let names = Names {
            cache: string("_cache")?,
            cache2: string("_cache2")?,
            max_cache: string("_MAXCACHE")?,
            max_cache2: string("_MAXCACHE2")?,
            compile: string("compile")?,
        };
        Some(State {
            enabled: Cell::new(false),
            verify: Cell::new(false),
            armed: Cell::new(None),
            finder: Slot::default(),
            loader: Slot::default(),
            why: Cell::new(Some("install() was not called".to_owned())),
            dialect: Cell::new(None),
            leave_names: Cell::new(false),
            two_caches: Cell::new(false),
            plain_lists: Cell::new(false),
            inner: Slot::default(),
            outer: Slot::default(),
            inner_hook: Slot::default(),
            outer_hook: Slot::default(),
            re_dict: Slot::default(),
            compiler_dict: Slot::default(),
            regex_flag: Slot::default(),
            pattern_type: Slot::default(),
            names,
            sre: Cell::new(None),
            text: TextReader::new(),
            tables: NameTables::new()?,
            workspace: Cell::new(None),
            left: Cell::new(0),
            compiled: Cell::new(0),
            hits: Cell::new(0),
            left_counts: Default::default(),
        })
    }

    /// Counts a pattern that is left to CPython.
    pub(crate) fn count_left(&self, reason: Reason) {
        count(&self.left_counts[reason as usize]);
    }

    /// # Safety
    /// To be called from the module's traverse function, with its arguments.
    pub(crate) unsafe fn visit(&self, visit: visitproc, arg: *mut c_void) -> c_int {
        let slots = [
            &self.inner,
            &self.outer,
            &self.inner_hook,
            &self.outer_hook,
            &self.re_dict,
            &self.compiler_dict,
            &self.regex_flag,
            &self.pattern_type,
            &self.finder,
            &self.loader,
        ];
        // SAFETY: as the caller promises.
        slots.iter().map(|slot| unsafe { slot.visit(visit, arg) }).find(|&result| result != 0).unwrap_or(0)
    }

    /// Breaks reference cycles. CPython's own functions stay, so that the hooks can pass calls on to the very end.
    pub(crate) fn clear(&self) {
        self.enabled.set(false);
        self.inner_hook.set(None);
        self.outer_hook.set(None);
        self.finder.set(None);
        self.loader.set(None);
    }
}

/// Adds one to a counter.
#[inline]
pub(crate) fn count(counter: &Cell<u64>) {
    counter.set(counter.get().wrapping_add(1));
}

/// Returns the state of the module that a function was made with.
///
/// # Safety
/// `module` is this module, alive, and was initialised.
#[inline]
pub(crate) unsafe fn of<'s>(module: *mut PyObject) -> &'s State {
    // SAFETY: the module's memory holds a pointer to the state, which is freed with the module.
    unsafe { &**PyModule_GetState(module).cast::<*const State>() }
}
