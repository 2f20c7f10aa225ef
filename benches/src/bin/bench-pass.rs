//! The program that valgrind runs: one pass of an engine over the patterns of a file, or all families. See `counted`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use sre_benches::{counted, engines, growth, read};
use sre_compiler::Dialect;

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-pass: {error:#}");
            ExitCode::from(1)
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [growth] if growth == "--growth" => growth::run_counted(Dialect::default()),
        [name, file] => pass(name, file.into())?,
        _ => bail!("usage: bench-pass ENGINE FILE, or bench-pass --growth"),
    }
    Ok(())
}

fn pass(name: &str, file: PathBuf) -> Result<()> {
    let dialect = engines::dialect()?;
    let samples = read(&[file], dialect)?;
    let mut engine =
        engines::engine(name, dialect)?.with_context(|| format!("this build has no engine {name}"))?;
    let accepted = engine.load(&samples)?;
    let which: Vec<u32> = (0..).zip(&accepted).filter(|(_, takes)| **takes).map(|(n, _)| n).collect();
    let mut done = Ok(0);
    counted::measured(&mut || done = engine.pass(&which));
    done.map(drop)
}
