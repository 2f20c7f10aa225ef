//! `sre rule`: explains the rules of `sre check`.

use std::io::{self, Write};

use anyhow::{Result, bail};
use clap::Args;
use serde_json::json;
use sre_check::rules::{Description, RULES, Rule};

use crate::options::{Format, FormatOption};
use crate::status::Status;

/// Explain a rule of `sre check`, with an example and what to do
#[derive(Args)]
pub(crate) struct Arguments {
    /// The code or the name of a rule: SRE001, pattern-refused.
    #[arg(value_name = "CODE")]
    rules: Vec<Rule>,
    /// Explain all rules.
    #[arg(long, conflicts_with = "rules")]
    all: bool,
    #[command(flatten)]
    format: FormatOption,
}

/// The width of the explanation.
const WIDTH: usize = 80;

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let rules: Vec<&Description> = match arguments.all {
        true => RULES.iter().collect(),
        false => arguments.rules.iter().map(|rule| rule.description()).collect(),
    };
    if rules.is_empty() {
        let known: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
        bail!("give the code of a rule, or --all (rules: {})", known.join(", "));
    }
    let mut out = io::stdout().lock();
    for (n, rule) in rules.into_iter().enumerate() {
        if arguments.format.format == Format::Json {
            let object = json!({
                "code": rule.code, "name": rule.name, "level": rule.level.name(), "summary": rule.summary,
                "explanation": rule.explanation, "example": rule.example, "versions": rule.versions, "fix": rule.fix,
            });
            writeln!(out, "{object}")?;
            continue;
        }
        if n > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{} {} ({})\n", rule.code, rule.name, rule.level.name())?;
        write_wrapped(&mut out, rule.summary)?;
        writeln!(out)?;
        write_wrapped(&mut out, rule.explanation)?;
        writeln!(out, "\nExample, for {}:\n\n    {}\n\nWhat to do:\n", rule.versions, rule.example)?;
        write_wrapped(&mut out, rule.fix)?;
    }
    Ok(Status::Same)
}

/// Writes a paragraph.
fn write_wrapped(out: &mut impl Write, text: &str) -> io::Result<()> {
    let mut width = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            writeln!(out)?;
            width = 0;
        }
        if width > 0 {
            write!(out, " ")?;
        }
        write!(out, "{word}")?;
        width += length + usize::from(width > 0);
    }
    writeln!(out)
}
