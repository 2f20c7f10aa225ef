//! Sweeps: comparing every pattern of up to a few tokens.
//!
//! A generator may miss a pattern by chance. A sweep compares every sequence of [`TOKENS`] up to a
//! length, so that afterwards no divergence is left among them. Cases have numbers, so that a shard
//! is a range; see [`shards`](crate::shards).
//!
//! Most sequences are refused, and most refusals imply others. An interpreter that refuses a pattern
//! without having read its end refuses, in the same way, every pattern that begins alike; and if it
//! has not read a flag, it does so with and without that flag. `oracle/python/watched.py` observes
//! both. [`compare_part`] therefore asks the interpreter only for what its answers to shorter
//! patterns and to other flags do not imply, and for a sample of the rest, to verify the inference.
//! sre-compiler compiles every case.

mod alphabet;
mod part;
mod sweeper;

pub use alphabet::{TOKENS, VARIANTS, case, cases, fingerprint, number};
pub use part::{compare_part, measure};
