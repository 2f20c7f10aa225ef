//! Sweeps: comparing every pattern of up to a few tokens.
//!
//! A generator may miss a pattern by chance. A sweep compares every sequence of [`TOKENS`] up to a
//! length, so that afterwards no divergence is left among them. Cases have numbers, so that a shard
//! is a range; see [`shards`](crate::shards).

mod alphabet;

pub use alphabet::{TOKENS, VARIANTS, case, cases, fingerprint, number};
