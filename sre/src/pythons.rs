//! `sre pythons`: lists the available interpreters.

use std::io;
use std::io::{BufWriter, Write};

use anyhow::Result;
use clap::Args;
use serde_json::json;
use sre_oracle::pythons;
use sre_oracle::pythons::Found;
use sre_support::visible::Shown;

use crate::options::{Format, FormatOption};
use crate::status::Status;

/// List the Python interpreters found
///
/// Searched are the PATH, the installations of pyenv and uv, and `SRE_PYTHONS`: a list of
/// executables or folders, separated as in PATH. Interpreters that do not work are listed last,
/// with the reason. One whose sources of `re` are of no version that sre-compiler was compared with
/// is marked: what it answers may be new.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    format: FormatOption,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let Found { pythons: found, failures } = pythons::search();
    let embedded = embedded();
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format.format {
        Format::Json => {
            let list: Vec<_> = found
                .iter()
                .map(|python| {
                    json!({
                        "path": python.path.to_string_lossy(),
                        "version": python.info.label(),
                        "magic": python.info.magic,
                        "unicode": python.info.unidata,
                        "implementation": python.info.implementation,
                        "dialect": python.dialect.as_ref().ok().map(ToString::to_string),
                        "sources": python.sources.map(|hash| format!("{hash:016x}")),
                        "known_sources": python.sources.map(|_| !python.is_unknown_compiler()),
                        "unsupported": python.dialect.as_ref().err().map(ToString::to_string),
                    })
                })
                .collect();
            let failures: Vec<_> = failures
                .iter()
                .map(|failure| {
                    json!({
                        "path": failure.path.to_string_lossy(),
                        "why": failure.why,
                        "listed": failure.is_listed,
                    })
                })
                .collect();
            let everything = json!({
                "embedded": embedded.as_ref().ok(),
                "embedded_error": embedded.as_ref().err(),
                "pythons": list,
                "failures": failures,
            });
            writeln!(out, "{everything:#}")?;
        }
        Format::Text => {
            // An alpha version or a build of one's own has a longer label than a release.
            let labels = found.iter().map(|python| python.info.label().shown().to_string().chars().count());
            let width = labels.max().unwrap_or(0).max(10);
            writeln!(out, "{:width$} {:9} {:8} {:8} path", "version", "magic", "unicode", "dialect")?;
            for python in &found {
                let info = &python.info;
                let (dialect, note) = match &python.dialect {
                    Ok(dialect) if python.is_unknown_compiler() => {
                        (dialect.to_string(), "  (unknown sources of re)".to_owned())
                    }
                    Ok(dialect) => (dialect.to_string(), String::new()),
                    Err(why) => ("-".to_owned(), format!("  ({})", why.to_string().shown())),
                };
                let (label, path) = (info.label().shown().to_string(), python.path.shown());
                writeln!(
                    out,
                    "{label:width$} {:<9} {:8} {dialect:8} {path}{note}",
                    info.magic,
                    info.unidata.shown().to_string()
                )?;
            }
            for failure in &failures {
                let (path, why) = (failure.path.shown(), &failure.why);
                writeln!(out, "{0:width$} {0:9} {0:8} {0:8} {path}  ({why})", "-")?;
            }
            match embedded {
                Ok(label) => writeln!(out, "embedded: {label}")?,
                Err(why) => writeln!(out, "embedded: none ({why})")?,
            }
        }
    }
    out.flush()?;
    Ok(Status::Same)
}

fn embedded() -> Result<String, String> {
    let embedded = sre_oracle::Embedded::new().map_err(|why| why.to_string())?;
    Ok(embedded.info().label())
}
