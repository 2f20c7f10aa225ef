//! Python strings.

use std::fmt;

use sre_support::visible::write_code_point;

use crate::case::{decode_utf8, push_utf8};
use crate::py_literal;

/// A Python str, which may contain lone surrogates: UTF-8 with surrogates as three bytes.
///
/// `Display` shows a surrogate as U+FFFD; `Debug` writes the Python literal.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct PyText(Vec<u8>);

impl PyText {
    /// Creates text from UTF-8 with surrogates as three bytes; `None` if the bytes are invalid.
    pub fn from_utf8(bytes: Vec<u8>) -> Option<PyText> {
        if std::str::from_utf8(&bytes).is_err() {
            let mut damaged = false;
            decode_utf8(&bytes, |_| damaged = true);
            if damaged {
                return None;
            }
        }
        Some(PyText(bytes))
    }

    /// Creates text from code points.
    pub fn from_code_points(text: &[u32]) -> PyText {
        let mut bytes = Vec::with_capacity(text.len());
        text.iter().for_each(|&c| push_utf8(&mut bytes, c));
        PyText(bytes)
    }

    /// Returns the code points.
    pub fn code_points(&self) -> Vec<u32> {
        decode_utf8(&self.0, |_| ())
    }

    /// Returns the text on one line, escaped for a terminal as by [`visible`](crate::visible).
    pub fn shown(&self) -> String {
        let mut shown = String::with_capacity(self.0.len());
        for c in self.code_points() {
            // Writing to a String succeeds.
            let _: fmt::Result = write_code_point(&mut shown, c);
        }
        shown
    }

    /// Returns the bytes: UTF-8 with surrogates as three bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for PyText {
    fn from(text: &str) -> PyText {
        PyText(text.as_bytes().to_vec())
    }
}

impl From<String> for PyText {
    fn from(text: String) -> PyText {
        PyText(text.into_bytes())
    }
}

impl fmt::Display for PyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.code_points() {
            write!(f, "{}", char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER))?;
        }
        Ok(())
    }
}

impl fmt::Debug for PyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        py_literal::write_str(f, self.code_points().into_iter())
    }
}
