//! `sre check --jsonl`: checks recorded patterns, on several threads, and reports them in order.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::json;
use sre_case::{Version, wire};
use sre_check::{Checker, Located, Report};
use sre_support::visible::Shown;

use super::pool;
use super::reporter::Reporter;
use crate::progress::LateBar;

/// Lines are checked in batches, whose reports are in memory together: up to so many lines, or so
/// many bytes.
const BATCH_LINES: usize = 1000;
const BATCH_BYTES: usize = 1 << 20;

/// The fields of a recording's line besides the case.
#[derive(Deserialize, Default)]
struct Extra {
    #[serde(default)]
    source: Option<String>,
}

/// What a line contains.
enum Line {
    Checked(Box<Report>, Option<String>),
    /// The recording was interrupted.
    Incomplete,
    Invalid(String),
}

pub(super) fn run(path: &Path, versions: &[Version], jobs: usize, reporter: &mut Reporter) -> Result<()> {
    let is_stdin = path.as_os_str() == "-";
    let name = if is_stdin { "standard input".into() } else { path.to_string_lossy().into_owned() };
    let named = || name.shown().to_string();
    let (mut input, length): (Box<dyn BufRead>, u64) = if is_stdin {
        (Box::new(io::stdin().lock()), 0)
    } else {
        let file = File::open(path).with_context(named)?;
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        (Box::new(BufReader::new(file)), length)
    };
    let progress = LateBar::new("bytes", usize::try_from(length).unwrap_or(usize::MAX));
    let pool = pool(jobs)?;
    let mut number = 0;
    loop {
        let batch = read_batch(&mut *input).with_context(named)?;
        if batch.is_empty() {
            break;
        }
        let lines: Vec<Line> = pool.install(|| {
            let checker = || Checker::new(versions.to_vec());
            batch.par_iter().map_init(checker, |checker, line| check(line, checker)).collect()
        });
        for (line, bytes) in lines.into_iter().zip(&batch) {
            number += 1;
            progress.advance(bytes.len());
            progress.suspend(|| report(line, &name, number, reporter))?;
        }
    }
    progress.finish();
    if number == 0 {
        bail!("{} contains no cases", name.shown());
    }
    reporter.summarize();
    Ok(())
}

fn read_batch(input: &mut dyn BufRead) -> io::Result<Vec<Vec<u8>>> {
    let (mut lines, mut bytes) = (Vec::new(), 0);
    while lines.len() < BATCH_LINES && bytes < BATCH_BYTES {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        bytes += line.len();
        lines.push(line);
    }
    Ok(lines)
}

fn check(line: &[u8], checker: &mut Checker) -> Line {
    match wire::parse_request(line) {
        Ok(request) => {
            let extra: Extra = serde_json::from_slice(wire::without_mark(line)).unwrap_or_default();
            Line::Checked(Box::new(checker.check(&request.case)), extra.source)
        }
        Err(_) if !line.ends_with(b"\n") => Line::Incomplete,
        Err(why) => Line::Invalid(why.to_string()),
    }
}

fn report(line: Line, name: &str, number: usize, reporter: &mut Reporter) -> Result<()> {
    match line {
        Line::Checked(report, source) => reporter.line(name, number, source.as_deref(), &report),
        Line::Incomplete => {
            crate::messages::warning(format_args!(
                "{}:{number}: skipped the incomplete last line",
                name.shown()
            ));
            Ok(())
        }
        Line::Invalid(why) => {
            let json = json!({ "line": number, "invalid": why });
            reporter.unchecked(Located::unchecked(name, Some(number), &why), json)
        }
    }
}
