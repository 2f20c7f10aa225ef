//! The literal patterns that Python sources give to `re`.
//!
//! Nothing is guessed: a call counts if its name can only be the function of `re`, its pattern and
//! flags are literals, and nothing is unpacked into its arguments. What else calls `re` is told as
//! skipped.
//!
//! # Input safety
//!
//! A file may be anything. What is too large, too deeply nested, of unknown encoding or no Python
//! is [`Unreadable`]. Nesting is counted before the file is parsed, since the parser, the walk over
//! the tree and its end recurse; [`on_deep_stack`] has a stack that is large enough for what
//! passes. Links to folders are not followed.

mod bindings;
mod calls;
mod decode;
mod encodings;
mod expressions;
mod files;
mod literal;
mod nesting;
mod place;

use std::fmt;

use ruff_python_ast::PythonVersion;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use sre_case::Case;

use crate::module::Call;

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
    /// The names of `re` that the call uses.
    pub call: Call,
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
    /// `re.Scanner` compiles patterns in a way of its own, which is not checked.
    Scanner,
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
    /// It declares an encoding that Python does not know, or that is none of sources.
    Encoding(String),
    /// It declares that encoding, and its byte-order mark another.
    Marked(String),
    /// It is not in the encoding that it declares.
    Undecodable(String),
    /// It is not in UTF-8, from that byte on.
    NotUtf8(usize),
    /// It declares an encoding of which more than what it holds would have to be known.
    Unsupported(String),
    /// It is no Python, from that line on.
    Syntax(usize, String),
    /// It could not be read.
    Io(String),
    /// It is a folder without Python files.
    NoFiles,
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
        return Err(Unreadable::Syntax(line, error.error.to_string()));
    }
    let Some(parsed) = parsed.try_into_module() else { return Ok(Findings::default()) };
    let bindings = bindings::Bindings::of(parsed.suite());
    Ok(calls::find(parsed.suite(), &source, &bindings, &places))
}

/// Runs something on a thread of its own, with a stack that the deepest file let through does not
/// exhaust.
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
    pub const ALL: [Reason; 6] =
        [Reason::Pattern, Reason::Flags, Reason::Name, Reason::Arguments, Reason::Escape, Reason::Scanner];

    /// A word for it.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Pattern => "pattern",
            Reason::Flags => "flags",
            Reason::Name => "name",
            Reason::Arguments => "arguments",
            Reason::Escape => "escape",
            Reason::Scanner => "scanner",
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
            Reason::Scanner => "the patterns of re.Scanner are not checked",
        })
    }
}

impl Unreadable {
    /// The line that says why, from 1, if one does.
    pub fn line(&self) -> Option<usize> {
        match self {
            Unreadable::Syntax(line, _) => Some(*line),
            // One of the first two; which does not matter.
            Unreadable::Encoding(_) | Unreadable::Marked(_) => Some(1),
            _ => None,
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::TooLarge => write!(f, "larger than {} MiB", LARGEST >> 20),
            Unreadable::TooDeep => f.write_str("nested more deeply than CPython compiles"),
            Unreadable::Binary => f.write_str("holds zero bytes"),
            Unreadable::Encoding(name) => write!(f, "declares the unknown encoding {name:?}"),
            Unreadable::Marked(name) => {
                write!(f, "declares the encoding {name:?}, but begins with the byte-order mark of UTF-8")
            }
            Unreadable::Undecodable(name) => write!(f, "not in the encoding that it declares, {name:?}"),
            Unreadable::NotUtf8(at) => write!(f, "not UTF-8 (byte {at}), and declares no other encoding"),
            Unreadable::Unsupported(name) => {
                write!(
                    f,
                    "holds bytes whose meaning in the encoding {name:?} is not known here; save it as UTF-8"
                )
            }
            Unreadable::NoFiles => f.write_str("no Python files found"),
            Unreadable::Syntax(_, why) | Unreadable::Io(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Unreadable {}
