//! `sre dis`: prints the text of `re.DEBUG`.

use std::io;
use std::io::Write;

use anyhow::Result;
use clap::Args;
use serde_json::json;
use sre_case::{Case, Oracle, Outcome, Text, wire};
use sre_compiler::{Compiler, Dialect, Disassembly, Instruction, Op, Program};
use sre_oracle::RustCompiler;

use crate::messages::stdout;
use crate::options::{Format, FormatOption, Patterns, Target, newest_by_default, single_pattern};
use crate::refusal;
use crate::status::Status;

/// Show the tree and the instructions of a pattern
///
/// The output is exactly that of `re.compile(PATTERN, re.DEBUG)`. As JSON, it is the object of `sre
/// compile --jsonl` with the tree, the text and each instruction (docs/jsonl.md).
///
/// Exit status: 0 accepted, 1 usage or input error, 2 refused.
#[derive(Args)]
#[command(mut_arg("targets", single_pattern), mut_arg("target", newest_by_default))]
pub(crate) struct Arguments {
    #[command(flatten)]
    patterns: Patterns,
    #[command(flatten)]
    target: Target,
    /// Show the part of the pattern that each instruction was compiled from.
    #[arg(long)]
    spans: bool,
    #[command(flatten)]
    format: FormatOption,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let case = arguments.patterns.one_case("dis")?;
    let dialect = arguments.target.or_newest();
    if arguments.format.format == Format::Json {
        return print_json(&case, dialect);
    }
    let mut compiler = Compiler::new(dialect);
    compiler.record_tree(true);
    compiler.record_origins(arguments.spans);
    let mut program = Program::new(dialect);
    let result = compiler.compile_into(case.pattern(), case.flags, &mut program);
    let mut out = stdout();
    // The code generator may reject a pattern that was parsed: print its tree, as CPython does.
    if let Some(tree) = compiler.tree_dump() {
        write!(out, "{tree}")?;
    }
    if result.is_ok() {
        writeln!(out)?;
        if arguments.spans {
            print_with_spans(&mut out, &case, &program)?;
        } else {
            write!(out, "{}", program.disassembly())?;
        }
    }
    let status = match RustCompiler::new(dialect).outcome(&case) {
        Outcome::Rejected(rejected) if result.is_err() => {
            refusal::write(&mut out, &case, &rejected)?;
            Status::Divergence
        }
        _ => Status::Same,
    };
    out.flush()?;
    Ok(status)
}

/// Prints the outcome as an object, with the instructions and the part of the pattern that each comes
/// from.
fn print_json(case: &Case, dialect: Dialect) -> Result<Status> {
    let mut out = stdout();
    let mut rust = RustCompiler::new(dialect);
    rust.set_debug(true);
    let outcome = rust.outcome(case);
    let mut object = Vec::new();
    wire::write_outcome(&mut object, &outcome);
    // Without the brace at its end: members follow.
    object.pop();
    out.write_all(&object)?;
    write!(out, ", \"target\": {}", json!(dialect.to_string()))?;
    let mut status = Status::Divergence;
    if outcome.accepted().is_some() {
        status = Status::Same;
        let mut compiler = Compiler::new(dialect);
        compiler.record_origins(true);
        let mut program = Program::new(dialect);
        // Accepted above.
        let _ = compiler.compile_into(case.pattern(), case.flags, &mut program);
        write!(out, ", \"instructions\": [")?;
        let mut origins = program.origins().iter().peekable();
        let disassembly = Disassembly::new(program.code(), dialect);
        for (n, Instruction { word, op, level, text, to, .. }) in disassembly.instructions().enumerate() {
            while word.is_some_and(|word| origins.next_if(|origin| origin.word < word).is_some()) {}
            let origin = word.and_then(|word| origins.next_if(|origin| origin.word == word));
            let span = origin.map(|origin| [origin.span.start, origin.span.end]);
            let op = op.map(Op::name);
            let instruction =
                json!({ "word": word, "op": op, "level": level, "text": text, "to": to, "span": span });
            write!(out, "{}{instruction}", if n == 0 { "" } else { ", " })?;
        }
        write!(out, "]")?;
    }
    writeln!(out, "}}")?;
    out.flush()?;
    Ok(status)
}

/// Limit of the part of the pattern shown on a line, in characters: each of many alternatives has
/// an instruction whose part is the whole pattern.
const LONGEST_PART: usize = 200;

fn print_with_spans(out: &mut impl Write, case: &Case, program: &Program) -> io::Result<()> {
    let lines = || program.disassembly().each_line();
    let mut origins = program.origins().iter().peekable();
    // Ignore the long lines of bitmaps when aligning the column.
    let width = lines().map(|line| line.text.chars().count()).filter(|&width| width <= 60).max().unwrap_or(0);
    for line in lines() {
        while let Some(word) = line.word
            && origins.next_if(|origin| origin.word < word).is_some()
        {}
        let origin = line.word.and_then(|word| origins.next_if(|origin| origin.word == word));
        match origin.filter(|origin| !origin.span.is_empty()) {
            Some(origin) => {
                let (start, end) = (origin.span.start, origin.span.end);
                let shown = start..end.min(start + LONGEST_PART);
                let more = if shown.end < end { "…" } else { "" };
                let part = match &case.text {
                    Text::Str(text) => text.get(shown).map(|part| Text::Str(part.to_vec())),
                    Text::Bytes(bytes) => bytes.get(shown).map(|part| Text::Bytes(part.to_vec())),
                };
                let part = part.map(|part| format!("{part:?}{more}")).unwrap_or_default();
                writeln!(out, "{:width$}  {start}..{end} {part}", line.text)?;
            }
            None => writeln!(out, "{}", line.text)?,
        }
    }
    Ok(())
}
