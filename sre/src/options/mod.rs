//! The options that several verbs take, each defined once.

mod divergences;
mod jobs;
mod output;
mod patterns;
mod pythons;
mod run;
mod shard;
mod target;
mod values;

pub(crate) use divergences::{DivergenceOptions, StrictKnown};
pub(crate) use jobs::Jobs;
pub(crate) use output::{Format, FormatOption, Output};
pub(crate) use patterns::{PatternOptions, Patterns, single_pattern};
pub(crate) use pythons::{Pythons, with_default};
pub(crate) use run::RunOptions;
pub(crate) use shard::Shard;
pub(crate) use target::{Target, Targets, newest_by_default};
pub(crate) use values::{minutes, seconds, whole};
