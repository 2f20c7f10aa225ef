//! `sre pythons`: the interpreters at hand.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use clap::Args;
use serde_json::json;
use sre_oracle::pythons;

use crate::json::Format;
use crate::status::Status;

/// List the interpreters that are found.
///
/// They are looked for on the PATH, among those of pyenv and uv, and in `SRE_PYTHONS`: a list of executables or
/// folders, separated as in PATH.
#[derive(Args)]
pub(crate) struct Arguments {
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let found = pythons::find();
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Json => {
            let list: Vec<_> = found
                .iter()
                .map(|python| {
                    json!({
                        "path": python.path.to_string_lossy(),
                        "version": python.hello.label(),
                        "magic": python.hello.magic,
                        "unicode": python.hello.unidata,
                        "implementation": python.hello.implementation,
                        "dialect": python.dialect.as_ref().ok().map(ToString::to_string),
                        "unsupported": python.dialect.as_ref().err().map(ToString::to_string),
                    })
                })
                .collect();
            writeln!(out, "{:#}", json!({ "embedded": embedded(), "pythons": list }))?;
        }
        Format::Text => {
            writeln!(out, "{:10} {:9} {:8} {:8} path", "version", "magic", "unicode", "dialect")?;
            for python in &found {
                let hello = &python.hello;
                let (dialect, note) = match &python.dialect {
                    Ok(dialect) => (dialect.to_string(), String::new()),
                    Err(why) => ("-".to_owned(), format!("  ({why})")),
                };
                let (label, path) = (hello.label(), python.path.display());
                writeln!(out, "{label:10} {:<9} {:8} {dialect:8} {path}{note}", hello.magic, hello.unidata)?;
            }
            let embedded = embedded().unwrap_or_else(|| "none".to_owned());
            writeln!(out, "embedded: {embedded}")?;
        }
    }
    out.flush()?;
    Ok(Status::Same)
}

#[cfg(feature = "embedded")]
fn embedded() -> Option<String> {
    sre_oracle::Embedded::new().ok().map(|embedded| embedded.hello().label())
}

#[cfg(not(feature = "embedded"))]
fn embedded() -> Option<String> {
    None
}
