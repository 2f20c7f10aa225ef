//! `sre compile`: prints what a pattern compiles to.

use std::ffi::OsString;
use std::io;
use std::io::{BufRead, BufWriter, Write};

use anyhow::{Context, Result};
use clap::Args;
use sre_case::{Accepted, Oracle, Outcome, wire};
use sre_oracle::RustCompiler;
use sre_support::visible::Shown;

use crate::hints;
use crate::input::{DialectOption, PatternOptions};
use crate::status::Status;

/// Show the code, flags and groups of a pattern, or answer JSON Lines.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The pattern.
    #[arg(required_unless_present = "jsonl", allow_hyphen_values = true)]
    pattern: Option<OsString>,
    #[command(flatten)]
    options: PatternOptions,
    #[command(flatten)]
    dialect: DialectOption,
    /// Read cases as JSON Lines from standard input and write their outcomes as JSON Lines.
    #[arg(long, conflicts_with_all = ["pattern", "flags", "bytes"])]
    jsonl: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let mut rust = RustCompiler::new(arguments.dialect.dialect());
    if arguments.jsonl {
        return answer_lines(&mut rust);
    }
    let pattern = arguments.pattern.as_deref().context("missing pattern")?;
    hints::pattern_is_a_file("compile", pattern);
    let case = arguments.options.case(pattern)?;
    let outcome = rust.outcome(&case);
    let mut out = BufWriter::new(io::stdout().lock());
    for warning in outcome.warnings() {
        writeln!(out, "warning     {}: {}", warning.category, warning.text.shown())?;
    }
    let status = match &outcome {
        Outcome::Accepted(accepted) => {
            print_accepted(&mut out, accepted)?;
            Status::Same
        }
        Outcome::Rejected(rejected) => {
            let place = rejected.pos.map(|pos| format!(" at position {pos}")).unwrap_or_default();
            writeln!(out, "{}: {}{place}", rejected.exception, rejected.message.shown())?;
            Status::Usage
        }
        Outcome::NoAnswer { .. } => Status::Internal,
    };
    out.flush()?;
    Ok(status)
}

fn print_accepted(out: &mut impl Write, accepted: &Accepted) -> io::Result<()> {
    writeln!(out, "flags       {}", accepted.flags)?;
    writeln!(out, "groups      {}", accepted.groups)?;
    for (name, group) in &accepted.group_index {
        writeln!(out, "group       {group} {}", name.shown())?;
    }
    let words: Vec<String> = accepted.code.iter().map(u32::to_string).collect();
    writeln!(out, "code        [{}]", words.join(", "))
}

fn answer_lines(rust: &mut RustCompiler) -> Result<Status> {
    let mut input = io::BufReader::with_capacity(1 << 16, io::stdin().lock());
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut status = Status::Same;
    let (mut line, mut reply) = (Vec::new(), Vec::new());
    while input.read_until(b'\n', &mut line).context("standard input")? > 0 {
        reply.clear();
        match wire::parse_request(&line) {
            Ok(request) => {
                rust.set_debug(request.debug);
                wire::write_outcome(&mut reply, &rust.outcome(&request.case));
            }
            Err(why) => {
                wire::write_invalid(&mut reply, &why.to_string());
                status = Status::Usage;
            }
        }
        reply.push(b'\n');
        out.write_all(&reply)?;
        // Flush for callers that wait for each answer.
        if input.buffer().is_empty() {
            out.flush()?;
        }
        line.clear();
    }
    out.flush()?;
    Ok(status)
}
