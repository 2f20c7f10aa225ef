//! The patterns that the benchmarks compile.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sre_case::{Case, corpus, wire};
use sre_compiler::{Compiler, Dialect, Flags, Program};
use sre_support::visible::Shown;

/// A pattern, in the forms that the engines need.
#[derive(Debug)]
pub struct Sample {
    /// The pattern and its flags.
    pub case: Case,
    /// The pattern as UTF-8; `None` if it contains a lone surrogate, or bytes above 127.
    pub utf8: Option<String>,
}

impl From<Case> for Sample {
    fn from(case: Case) -> Sample {
        let utf8 = match &case.text {
            sre_case::Text::Str(_) => case.to_utf8(),
            sre_case::Text::Bytes(bytes) if bytes.is_ascii() => String::from_utf8(bytes.clone()).ok(),
            sre_case::Text::Bytes(_) => None,
        };
        Sample { case, utf8 }
    }
}

/// Reads JSON Lines files, or the seeds of the corpus if `files` is empty, and returns the patterns that the dialect
/// accepts.
///
/// # Errors
/// If a file cannot be read, a line is not a case, or no pattern is accepted.
pub fn read(files: &[PathBuf], dialect: Dialect) -> Result<Vec<Sample>> {
    let mut cases = Vec::new();
    for file in files {
        read_json_lines(file, &mut cases)?;
    }
    if files.is_empty() {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/seeds");
        for file in corpus::files(&seeds).context("the corpus")? {
            cases.push(corpus::read(&file).with_context(|| file.shown().to_string())?);
        }
    }
    let (mut compiler, mut program) = (Compiler::new(dialect), Program::new(dialect));
    // With the flag DEBUG, CPython prints.
    cases.retain(|case| !case.flags.intersects(Flags::DEBUG));
    cases.retain(|case| compiler.compile_into(case.pattern(), case.flags, &mut program).is_ok());
    if cases.is_empty() {
        bail!("Python {dialect} accepts none of the patterns");
    }
    Ok(cases.into_iter().map(Sample::from).collect())
}

fn read_json_lines(file: &Path, cases: &mut Vec<Case>) -> Result<()> {
    let content = fs::read(file).with_context(|| file.shown().to_string())?;
    for (n, line) in content.split(|&byte| byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
        let request = wire::parse_request(line);
        cases.push(request.with_context(|| format!("{}:{}", file.shown(), n + 1))?.case);
    }
    Ok(())
}
