//! Those that are compared: each compiles the same patterns in its own way.

#[cfg(feature = "embedded")]
mod cpython;
mod floor;
#[cfg(feature = "oniguruma")]
mod oniguruma;
mod ours;
#[cfg(feature = "peers")]
mod peers;
mod regex_syntax;

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use sre_compiler::Dialect;

use crate::clock::{ThreadTime, nanoseconds};
use crate::sample::Sample;

pub(crate) use ours::Input;

/// One that compiles patterns, and is timed.
pub trait Side {
    /// How it is called on the command line.
    fn name(&self) -> &'static str;

    /// What it is, and of which version.
    fn about(&self) -> String;

    /// Takes patterns in the form that it wants, and compiles each once: which of them does it accept?
    ///
    /// # Errors
    /// If it cannot take patterns at all.
    fn load(&mut self, samples: &[Sample]) -> Result<Vec<bool>>;

    /// Compiles the named ones, one after the other: nanoseconds of the processor for all.
    ///
    /// # Errors
    /// If it broke down.
    fn pass(&mut self, which: &[u32]) -> Result<u64>;

    /// The same, with nanoseconds of real time for each, those of reading the clock among them.
    ///
    /// # Errors
    /// If it broke down.
    fn each(&mut self, which: &[u32]) -> Result<Vec<u64>>;
}

/// A side that is linked, and called pattern by pattern.
trait Engine {
    const NAME: &'static str;
    const ABOUT: &'static str;

    /// A pattern, in the form that it takes.
    type Input;

    /// Brings a pattern into that form, which is not timed; none if it cannot be said.
    fn prepare(&mut self, sample: &Sample) -> Option<Self::Input>;

    /// Compiles, and lets go of what came out: both are timed. Is the pattern accepted?
    fn compile(&mut self, input: &Self::Input) -> bool;

    /// Its version, where that is not known before it runs.
    fn version(&self) -> String {
        String::new()
    }
}

struct Linked<E: Engine> {
    engine: E,
    inputs: Vec<Option<E::Input>>,
}

impl<E: Engine> Linked<E> {
    fn new(engine: E) -> Linked<E> {
        Linked { engine, inputs: Vec::new() }
    }
}

impl<E: Engine> Side for Linked<E> {
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

/// The names of all sides that this build has; the first is ours.
pub const NAMES: &[&str] = &[
    ours::Reused::NAME,
    ours::Warm::NAME,
    ours::Cold::NAME,
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

/// The name of CPython's side, in this build or not.
pub const CPYTHON: &str = "cpython";

/// The side of a name; none if this build has none.
///
/// # Errors
/// If it cannot be started.
pub fn side(name: &str, dialect: Dialect) -> Result<Option<Box<dyn Side>>> {
    Ok(Some(match name {
        ours::Reused::NAME => Box::new(Linked::new(ours::Reused::new(dialect))),
        ours::Warm::NAME => Box::new(Linked::new(ours::Warm::new(dialect))),
        ours::Cold::NAME => Box::new(Linked::new(ours::Cold::new(dialect))),
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

/// Our own side.
pub fn ours(dialect: Dialect) -> Box<dyn Side> {
    Box::new(Linked::new(ours::Reused::new(dialect)))
}

/// The dialect to compile for: that of the interpreter that is compared with, else the newest.
///
/// # Errors
/// If the interpreter's dialect is not known.
pub fn dialect() -> Result<Dialect> {
    #[cfg(feature = "embedded")]
    return cpython::dialect();
    #[cfg(not(feature = "embedded"))]
    Ok(Dialect::default())
}
