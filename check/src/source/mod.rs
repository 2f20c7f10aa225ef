//! The patterns that Python sources pass to `re`, and to frameworks on request.
//!
//! Nothing is guessed. A call counts if its name can only be the function of `re`, and its pattern
//! and flags are known: literals, names and class attributes that are bound once, sums and f-strings
//! of these. Other calls of `re` are reported as skipped.
//!
//! # Input safety
//!
//! A file may contain anything. A file that is too large, too deeply nested, in an unknown encoding
//! or not Python is [`Unreadable`]. Nesting is counted before the file is parsed, because the
//! parser, the visit of the tree and its destructor recurse; [`on_deep_stack`] provides a stack that
//! suffices for the files that pass, and so does a thread with a stack of [`STACK`] bytes. Names may
//! stand for sums of other names; what they stand for together is limited. Links to folders are not
//! followed.

mod binder;
mod calls;
mod decode;
mod encodings;
mod expressions;
mod files;
mod frameworks;
mod literal;
mod mention;
mod nesting;
mod noqa;
mod place;
mod scopes;
#[cfg(test)]
mod tests;

use std::fmt;

use ruff_python_ast::PythonVersion;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use serde::{Deserialize, Serialize};
use sre_case::Case;

use crate::module::Call;

pub use files::{EXCLUDED, Entry, LARGEST, Selection, read, read_from};
pub use frameworks::Framework;
pub use noqa::Suppressions;

/// The patterns of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Findings {
    /// The patterns, by their place.
    pub patterns: Vec<Found>,
    /// Calls of `re` whose pattern is not known.
    pub skipped: Vec<Skipped>,
    /// The comments that suppress findings.
    pub suppressions: Suppressions,
}

/// A pattern in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The pattern and its flags.
    pub case: Case,
    /// The function that it is passed to.
    pub function: &'static str,
    /// The names of `re` that the call uses.
    pub call: Call,
    /// Where the argument begins: the line, from 1.
    pub line: usize,
    /// Where the argument begins: the column in characters, from 1.
    pub column: usize,
    /// The line in which the argument ends.
    pub last_line: usize,
    /// The place of each character of the pattern, and of the end of the last one.
    places: Vec<(u32, u32)>,
    /// The same as offsets in bytes of the decoded text, if the pattern is written as literals
    /// where it is used; otherwise empty.
    offsets: Vec<usize>,
    /// Whether the literals are raw; `None` if only some of them are.
    pub(crate) raw: Option<bool>,
}

/// A call that is skipped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Skipped {
    /// The line of the call, from 1.
    pub line: usize,
    /// The reason.
    pub reason: Reason,
}

/// Why a call is not checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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

/// Why a file is not checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unreadable {
    /// It is too large.
    TooLarge,
    /// It is nested too deeply.
    TooDeep,
    /// It contains zero bytes.
    Binary,
    /// It declares an encoding that Python does not know, or does not accept for sources.
    Encoding(String),
    /// It declares this encoding, but begins with the byte-order mark of UTF-8.
    Marked(String),
    /// It is not in the encoding that it declares.
    Undecodable(String),
    /// It is not UTF-8; the byte at this offset is the first that is wrong.
    NotUtf8(usize),
    /// It declares this encoding, and contains bytes whose meaning in it is not known here.
    Unsupported(String),
    /// It has a syntax error in this line.
    Syntax(usize, String),
    /// It could not be read.
    Io(String),
    /// It is a folder without Python files, apart from those that are excluded.
    NoFiles,
}

/// Finds the patterns of a file, for `re` and for frameworks. Call it [`on_deep_stack`].
///
/// A file that does not mention `re` or a framework is not parsed.
///
/// # Errors
/// Says why the file cannot be checked.
pub fn find(file: &[u8], frameworks: &[Framework]) -> Result<Findings, Unreadable> {
    if file.len() as u64 > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    let source = decode::decode(file)?;
    find_in_text(&source, frameworks)
}

/// Decodes a file as Python does, with every line end as a newline.
///
/// # Errors
/// Says why it cannot be decoded.
pub fn decode(file: &[u8]) -> Result<String, Unreadable> {
    decode::decode(file)
}

/// Finds the patterns of a file that is decoded already, as [`find`] does.
///
/// # Errors
/// Says why the file cannot be checked.
pub fn find_in_text(source: &str, frameworks: &[Framework]) -> Result<Findings, Unreadable> {
    if !mention::mentions(source, frameworks) {
        return Ok(Findings::default());
    }
    if nesting::is_too_deep(source) {
        return Err(Unreadable::TooDeep);
    }
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY315);
    let parsed = parse_unchecked(source, options);
    let places = place::Places::new(source);
    if let Some(error) = parsed.errors().first() {
        let (line, _) = places.at(error.location.start().to_usize());
        return Err(Unreadable::Syntax(line, error.error.to_string()));
    }
    let Some(parsed) = parsed.try_into_module() else { return Ok(Findings::default()) };
    let scopes = binder::bind(parsed.suite());
    let values = expressions::Values::new(source, &scopes);
    let context = calls::Context { scopes: &scopes, values, places: &places, frameworks };
    let mut findings = calls::find(parsed.suite(), &context);
    findings.suppressions = Suppressions::new(source, parsed.tokens(), &places);
    Ok(findings)
}

/// Runs something on a thread whose stack suffices for the deepest file that is parsed.
///
/// # Errors
/// If the thread cannot be started, or panics.
pub fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| format!("no thread: {error}"))?;
        thread.join().map_err(|_| "a thread panicked".to_owned())
    })
}

/// The bytes of stack that [`find`] needs at most. They are reserved, and used as far as a file
/// needs them.
pub const STACK: usize = 512 << 20;

impl Found {
    /// Returns where a position of the pattern, in characters, is in the file: line and column,
    /// from 1.
    pub fn place(&self, pos: usize) -> (usize, usize) {
        match self.places.get(pos).or(self.places.last()) {
            Some(&(line, column)) => (line as usize, column as usize),
            None => (self.line, self.column),
        }
    }
}

impl Found {
    /// Returns the offset of each character in the decoded file, if the pattern is written as
    /// literals where it is used.
    pub(crate) fn source_offsets(&self) -> Option<&[usize]> {
        (!self.offsets.is_empty()).then_some(self.offsets.as_slice())
    }
}

impl Reason {
    /// Returns the name in reports.
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
            Reason::Pattern => "the pattern is computed",
            Reason::Flags => "the flags are computed",
            Reason::Name => "the name may be bound to something else",
            Reason::Arguments => "arguments are unpacked, missing or too many",
            Reason::Escape => "the literal has an unknown escape",
            Reason::Scanner => "the patterns of re.Scanner are not checked",
        })
    }
}

impl Unreadable {
    /// Returns the line that the reason is about, from 1.
    pub fn line(&self) -> Option<usize> {
        match self {
            Unreadable::Syntax(line, _) => Some(*line),
            // In one of the first two lines.
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
            Unreadable::Binary => f.write_str("contains zero bytes"),
            Unreadable::Encoding(name) => write!(f, "declares the unknown encoding {name:?}"),
            Unreadable::Marked(name) => {
                write!(f, "declares the encoding {name:?}, but begins with the byte-order mark of UTF-8")
            }
            Unreadable::Undecodable(name) => write!(f, "not in the encoding that it declares, {name:?}"),
            Unreadable::NotUtf8(at) => write!(f, "not UTF-8 (byte {at}), and declares no other encoding"),
            Unreadable::Unsupported(name) => {
                write!(
                    f,
                    "contains bytes whose meaning in the encoding {name:?} is not known here; save it as UTF-8"
                )
            }
            Unreadable::NoFiles => f.write_str("no Python files found"),
            Unreadable::Syntax(_, why) | Unreadable::Io(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Unreadable {}
