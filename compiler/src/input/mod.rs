//! The pattern, and reading it token by token.

mod class;
mod pattern;
mod source;
mod swar;
mod token;
mod tokenizer;

pub(crate) use class::Class;
pub(crate) use pattern::Units;
pub use pattern::{InvalidCodePoint, Pattern};
pub(crate) use source::Source;
pub(crate) use swar::{LANES, MaskedByte, Unit};
pub(crate) use token::Token;
pub(crate) use tokenizer::Tokenizer;
