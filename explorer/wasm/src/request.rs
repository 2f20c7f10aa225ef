//! The pattern that a page asks about.

use alloc::vec::Vec;

use sre_compiler::{Flags, Pattern};

/// A pattern with its flags.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Request {
    /// A `str` pattern, as code points.
    Str(Vec<u32>, Flags),
    /// A `bytes` pattern.
    Bytes(Vec<u8>, Flags),
}

impl Request {
    /// Makes a request of code points, or of bytes given as numbers. `None` if one is too large.
    pub fn new(units: &[u32], is_bytes: bool, flags: Flags) -> Option<Request> {
        if is_bytes {
            let bytes: Result<Vec<u8>, _> = units.iter().map(|&unit| u8::try_from(unit)).collect();
            return bytes.ok().map(|bytes| Request::Bytes(bytes, flags));
        }
        Pattern::from_code_points(units).ok().map(|_| Request::Str(units.to_vec(), flags))
    }

    /// Returns the pattern. Its spans count characters.
    pub fn pattern(&self) -> Pattern<'_> {
        match self {
            Request::Str(text, _) => Pattern::from_code_points(text).unwrap_or_else(|_| Pattern::from("")),
            Request::Bytes(bytes, _) => Pattern::from(bytes),
        }
    }

    /// Returns the flags.
    pub fn flags(&self) -> Flags {
        match self {
            Request::Str(_, flags) | Request::Bytes(_, flags) => *flags,
        }
    }
}
