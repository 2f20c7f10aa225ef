//! The module `_sre_compiler.native`: CPython's `re.compile`, compiled by sre-compiler.
//!
//! Two C functions stand in the place of `re._compile` ([`outer`]) and `re._compiler.compile` ([`inner`]). They answer
//! only if the pattern is plain ([`compile`]); otherwise they call the functions that they replace, so that errors,
//! warnings and everything unusual are CPython's own. As C functions they add no frame to a traceback.

mod caches;
mod code_list;
mod compile;
mod examine;
mod function;
mod groups;
mod guard;
#[cfg(feature = "injected-bug")]
mod injected;
mod inner;
mod install;
mod module;
mod numbers;
mod object;
mod outer;
mod sre;
mod startup;
mod state;
mod status;
mod text;
mod verify;
mod versions;
mod workspace;

pub use module::PyInit_native;
