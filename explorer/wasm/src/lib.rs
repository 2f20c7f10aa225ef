//! What every CPython makes of a pattern, as JSON.
//!
//! `explore` compiles a pattern for all dialects, puts equal answers into groups, and writes the
//! groups with what a page shows of them. `outcome` writes the answer of a single dialect as
//! `sre compile --jsonl` does. The page in `explorer/` calls both through the exports in `exports`,
//! which exist on wasm32 only; the tests call them natively.
//!
//! # Input safety
//!
//! Any pattern may be passed. Time and memory are proportional to its length, and what is written
//! about a group is limited: see [`Limits`].

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod answer;
mod dialects;
mod explore;
#[cfg(target_arch = "wasm32")]
mod exports;
mod json;
mod listing;
mod outcome;
mod request;
mod rules;
mod tree;

pub use dialects::{dialects, list_dialects};
pub use explore::{Explorer, Limits};
pub use outcome::{latest_code, outcome};
pub use request::Request;
