//! The engines: compilers that are compared over the same patterns.

#[cfg(feature = "embedded")]
mod cpython;
mod floor;
#[cfg(feature = "oniguruma")]
mod oniguruma;
#[cfg(feature = "peers")]
mod peers;
mod regex_syntax;
mod rust;

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use sre_compiler::Dialect;

use crate::clock::{ThreadTime, nanoseconds};
use crate::sample::Sample;

pub(crate) use rust::Input;

/// A compiler that is timed.
pub trait Engine {
    /// Returns the name that selects it on the command line.
    fn name(&self) -> &'static str;

    /// Returns what it is, with its version.
    fn about(&self) -> String;

    /// Converts the patterns to the form that it needs, compiles each once, and returns for each whether it is
    /// accepted.
    ///
    /// # Errors
    /// If the engine fails.
    fn load(&mut self, samples: &[Sample]) -> Result<Vec<bool>>;

    /// Compiles the patterns of these numbers, one after the other, and returns the processor time for all in
    /// nanoseconds.
    ///
    /// # Errors
    /// If the engine fails.
    fn pass(&mut self, which: &[u32]) -> Result<u64>;

    /// Compiles the same patterns, and returns the real time for each in nanoseconds, including that for reading the
    /// clock.
    ///
    /// # Errors
    /// If the engine fails.
    fn each(&mut self, which: &[u32]) -> Result<Vec<u64>>;
}

/// An engine that is linked, and called pattern by pattern.
trait Linkable {
    const NAME: &'static str;
    const ABOUT: &'static str;

    /// A pattern, in the form that the engine needs.
    type Input;

    /// Converts a pattern to that form, which is not timed; `None` if it has no such form.
    fn prepare(&mut self, sample: &Sample) -> Option<Self::Input>;

    /// Compiles a pattern and frees the result; both are timed. Returns whether the pattern is accepted.
    fn compile(&mut self, input: &Self::Input) -> bool;

    /// Returns the version, if only the library itself knows it.
    fn version(&self) -> String {
        String::new()
    }
}

struct Linked<E: Linkable> {
    engine: E,
    inputs: Vec<Option<E::Input>>,
}

impl<E: Linkable> Linked<E> {
    fn new(engine: E) -> Linked<E> {
        Linked { engine, inputs: Vec::new() }
    }
}

impl<E: Linkable> Engine for Linked<E> {
    fn name(&self) -> &'static str {
        E::NAME
    }

    fn about(&self) -> String {
        format!("{} {}", E::ABOUT, self.engine.version()).trim().to_owned()
    }

    fn load(&mut self, samples: &[Sample]) -> Result<Vec<bool>> {
        self.inputs = samples.iter().map(|sample| self.engine.prepare(sample)).collect();
        let engine = &mut self.engine;
        Ok(self
            .inputs
            .iter()
            .map(|input| input.as_ref().is_some_and(|input| engine.compile(input)))
            .collect())
    }

    fn pass(&mut self, which: &[u32]) -> Result<u64> {
        let start = ThreadTime::now();
        for &n in which {
            if let Some(input) = &self.inputs[n as usize] {
                black_box(self.engine.compile(black_box(input)));
            }
        }
        Ok(nanoseconds(start.elapsed()))
    }

    fn each(&mut self, which: &[u32]) -> Result<Vec<u64>> {
        let mut times = Vec::with_capacity(which.len());
        for &n in which {
            let Some(input) = &self.inputs[n as usize] else { continue };
            let start = Instant::now();
            black_box(self.engine.compile(black_box(input)));
            times.push(nanoseconds(start.elapsed()));
        }
        Ok(times)
    }
}

/// The names of all engines in this build; the first is that of sre-compiler, which always takes part.
pub const NAMES: &[&str] = &[
    rust::Reused::NAME,
    rust::Warm::NAME,
    rust::Cold::NAME,
    #[cfg(feature = "embedded")]
    cpython::NAME,
    regex_syntax::Ast::NAME,
    regex_syntax::Hir::NAME,
    #[cfg(feature = "peers")]
    peers::Pcre2::NAME,
    #[cfg(feature = "peers")]
    peers::Fancy::NAME,
    #[cfg(feature = "oniguruma")]
    oniguruma::Oniguruma::NAME,
    floor::Bytes::NAME,
    floor::Tokens::NAME,
];

/// The name of CPython's engine, whether this build has it or not.
pub const CPYTHON: &str = "cpython";

/// Returns the engine of a name; `None` if this build has none.
///
/// # Errors
/// If the engine cannot be started.
pub fn engine(name: &str, dialect: Dialect) -> Result<Option<Box<dyn Engine>>> {
    Ok(Some(match name {
        rust::Reused::NAME => Box::new(Linked::new(rust::Reused::new(dialect))),
        rust::Warm::NAME => Box::new(Linked::new(rust::Warm::new(dialect))),
        rust::Cold::NAME => Box::new(Linked::new(rust::Cold::new(dialect))),
        #[cfg(feature = "embedded")]
        cpython::NAME => Box::new(cpython::CPython::new()?),
        regex_syntax::Ast::NAME => Box::new(Linked::new(regex_syntax::Ast::default())),
        regex_syntax::Hir::NAME => Box::new(Linked::new(regex_syntax::Hir::default())),
        #[cfg(feature = "peers")]
        peers::Pcre2::NAME => Box::new(Linked::new(peers::Pcre2)),
        #[cfg(feature = "peers")]
        peers::Fancy::NAME => Box::new(Linked::new(peers::Fancy)),
        #[cfg(feature = "oniguruma")]
        oniguruma::Oniguruma::NAME => Box::new(Linked::new(oniguruma::Oniguruma)),
        floor::Bytes::NAME => Box::new(Linked::new(floor::Bytes)),
        floor::Tokens::NAME => Box::new(Linked::new(floor::Tokens::default())),
        _ => return Ok(None),
    }))
}

/// Returns sre-compiler, reusing its memory.
pub fn reused(dialect: Dialect) -> Box<dyn Engine> {
    Box::new(Linked::new(rust::Reused::new(dialect)))
}

/// Returns the dialect to compile for: that of the interpreter in this build, else the newest.
///
/// # Errors
/// If the version of the interpreter is not supported.
pub fn dialect() -> Result<Dialect> {
    #[cfg(feature = "embedded")]
    return cpython::dialect();
    #[cfg(not(feature = "embedded"))]
    Ok(Dialect::default())
}
