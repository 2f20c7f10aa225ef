//! Formats of reports and findings.
//!
//! Lines and columns count from 1, and columns count characters, in every format. `sarif` says so
//! in `columnKind`.

pub mod concise;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod sarif;
pub mod text;
