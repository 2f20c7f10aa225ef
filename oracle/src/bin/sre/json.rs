//! Output for programs.

use clap::ValueEnum;
use serde_json::value::RawValue;
use sre_oracle::{Case, Outcome, wire};

/// What the output is for.
#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// To be read.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// The object of a case, as `sre compile --jsonl` reads it.
pub(crate) fn case(case: &Case) -> Box<RawValue> {
    let mut object = Vec::new();
    wire::write_request(&mut object, case, false);
    raw(object)
}

/// The object of an outcome, as `sre compile --jsonl` writes it.
pub(crate) fn outcome(outcome: &Outcome) -> Box<RawValue> {
    let mut object = Vec::new();
    wire::write_outcome(&mut object, outcome);
    raw(object)
}

fn raw(object: Vec<u8>) -> Box<RawValue> {
    String::from_utf8(object).ok().and_then(|object| RawValue::from_string(object).ok()).unwrap_or_default()
}
