//! What pages of figures are made of.

mod html;

pub use html::Escaped;
