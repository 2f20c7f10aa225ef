//! `sre compile`: prints what a pattern compiles to.

use std::fs::File;
use std::io;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use sre_case::{Accepted, Oracle, Outcome, wire};
use sre_oracle::RustCompiler;
use sre_support::visible::Shown;

use crate::messages::stdout;
use crate::options::{Patterns, Target, newest_by_default, single_pattern};
use crate::refusal;
use crate::status::Status;

/// Show the code, flags and groups of a pattern
///
/// With --jsonl, cases are read as JSON Lines and their outcomes are written as JSON Lines, in
/// order.
///
/// Exit status: 0 accepted, 1 usage or input error, 2 refused. With --jsonl: 0, or 1 if a line is
/// malformed.
#[derive(Args)]
#[command(mut_arg("targets", single_pattern), mut_arg("target", newest_by_default))]
pub(crate) struct Arguments {
    #[command(flatten)]
    patterns: Patterns,
    #[command(flatten)]
    target: Target,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let mut rust = RustCompiler::new(arguments.target.or_newest());
    if let Some(file) = arguments.patterns.only_json_lines() {
        return answer_lines(&mut rust, file);
    }
    let case = arguments.patterns.one_case("compile")?;
    let outcome = rust.outcome(&case);
    let mut out = stdout();
    for warning in outcome.warnings() {
        writeln!(out, "warning     {}: {}", warning.category, warning.text.shown())?;
    }
    let status = match &outcome {
        Outcome::Accepted(accepted) => {
            print_accepted(&mut out, accepted)?;
            Status::Same
        }
        Outcome::Rejected(rejected) => {
            refusal::write(&mut out, &case, rejected)?;
            Status::Divergence
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

fn answer_lines(rust: &mut RustCompiler, file: &Path) -> Result<Status> {
    let is_stdin = file == Path::new("-");
    let name = if is_stdin { "standard input".to_owned() } else { file.shown().to_string() };
    let reader: Box<dyn Read> = if is_stdin {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(file).with_context(|| name.clone())?)
    };
    let mut input = BufReader::with_capacity(1 << 16, reader);
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut status = Status::Same;
    let (mut line, mut reply) = (Vec::new(), Vec::new());
    while input.read_until(b'\n', &mut line).with_context(|| name.clone())? > 0 {
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
