//! The literal patterns that Python sources give to `re`.
//!
//! Nothing is guessed: a call counts if its name can only be the function of `re`, its pattern and flags are
//! literals, and nothing is unpacked into its arguments. What else calls `re` is told as skipped.
//!
//! # Input safety
//!
//! A file may be anything. What is too large, too deeply nested, of unknown encoding or no Python is [`Unreadable`].
//! Nesting is counted before the file is parsed, since the parser, the walk over the tree and its end recurse;
//! [`on_deep_stack`] gives them room for what was let through. Links to folders are not followed.

mod bindings;
mod calls;
mod decode;
mod expressions;
mod files;
mod literal;
mod nesting;
mod place;

use std::fmt;

use ruff_python_ast::PythonVersion;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

use crate::case::Case;

pub use files::{Entry, LARGEST, files, read};

/// What a file gives to `re`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Findings {
    /// The patterns, by their place.
    pub patterns: Vec<Found>,
    /// Calls of `re` whose pattern is not known.
    pub skipped: Vec<Skipped>,
}

/// A pattern in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The pattern and its flags.
    pub case: Case,
    /// The function that it is given to.
    pub function: &'static str,
    /// Where the literal begins: line and column in characters, from 1.
    pub line: usize,
    /// See `line`.
    pub column: usize,
    /// Where each character of the pattern stands, and where the last one ends.
    places: Vec<(u32, u32)>,
}

/// A call that is skipped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Skipped {
    /// The line of the call, from 1.
    pub line: usize,
    /// Why.
    pub reason: Reason,
}

/// Why a call is skipped.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// The pattern is computed.
    Pattern,
    /// The flags are computed.
    Flags,
    /// The name may be something else than `re` or its function.
    Name,
    /// Arguments are unpacked, missing, or too many.
    Arguments,
    /// The literal has an escape that is not understood.
    Escape,
}

/// Why a file is not looked into.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unreadable {
    /// It is too large.
    TooLarge,
    /// It is nested too deeply.
    TooDeep,
    /// It holds zero bytes.
    Binary,
    /// Its encoding is not known.
    Encoding(String),
    /// It is not in the encoding that it says.
    Undecodable,
    /// It is no Python.
    Syntax(String),
    /// It could not be read.
    Io(String),
}

/// Finds the patterns of a file. To be called [`on_deep_stack`].
///
/// # Errors
/// Says why the file cannot be looked into.
pub fn find(file: &[u8]) -> Result<Findings, Unreadable> {
    if file.len() as u64 > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    let source = decode::decode(file)?;
    if nesting::is_too_deep(&source) {
        return Err(Unreadable::TooDeep);
    }
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY315);
    let parsed = parse_unchecked(&source, options);
    let places = place::Places::new(&source);
    if let Some(error) = parsed.errors().first() {
        let (line, _) = places.at(error.location.start().to_usize());
        return Err(Unreadable::Syntax(format!("line {line}: {}", error.error)));
    }
    let Some(parsed) = parsed.try_into_module() else { return Ok(Findings::default()) };
    let bindings = bindings::Bindings::of(parsed.suite());
    Ok(calls::find(parsed.suite(), &source, &bindings, &places))
}

/// Runs something on a thread of its own, with a stack that the deepest file let through does not exhaust.
///
/// # Errors
/// If there is no such thread to be had, or it panicked.
pub fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| format!("no thread: {error}"))?;
        thread.join().map_err(|_| "a thread panicked".to_owned())
    })
}

/// Reserved, and used as far as a file needs it.
const STACK: usize = 512 << 20;

impl Found {
    /// Where a position of the pattern, in characters, stands in the file: line and column, from 1.
    pub fn place(&self, pos: usize) -> (usize, usize) {
        match self.places.get(pos).or(self.places.last()) {
            Some(&(line, column)) => (line as usize, column as usize),
            None => (self.line, self.column),
        }
    }
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 5] =
        [Reason::Pattern, Reason::Flags, Reason::Name, Reason::Arguments, Reason::Escape];

    /// A word for it.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Pattern => "pattern",
            Reason::Flags => "flags",
            Reason::Name => "name",
            Reason::Arguments => "arguments",
            Reason::Escape => "escape",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Pattern => "the pattern is no literal",
            Reason::Flags => "the flags are no literals",
            Reason::Name => "the name may be bound to something else",
            Reason::Arguments => "arguments are unpacked, missing or too many",
            Reason::Escape => "the literal has an unknown escape",
        })
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::TooLarge => write!(f, "larger than {} MiB", LARGEST >> 20),
            Unreadable::TooDeep => f.write_str("nested too deeply"),
            Unreadable::Binary => f.write_str("holds zero bytes"),
            Unreadable::Encoding(name) => write!(f, "its encoding, {name:?}, is not known"),
            Unreadable::Undecodable => f.write_str("not in the encoding that it says"),
            Unreadable::Syntax(why) | Unreadable::Io(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Unreadable {}
