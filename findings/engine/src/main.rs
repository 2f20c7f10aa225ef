//! Reads patterns with texts as JSON Lines, compiles them for the Python that the first argument names, runs the code
//! with RustPython's matcher, and writes the code and the matches. `compare.py` runs it and compares with CPython.

use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use rustpython_sre_engine::engine::{Request, SearchIter, State};
use rustpython_sre_engine::string::StrDrive;
use serde::{Deserialize, Serialize};
use sre_compiler::{Compiler, Dialect, Flags, Program};

#[derive(Deserialize)]
struct Line {
    /// Whether pattern and texts are bytes, written as Latin-1.
    bytes: bool,
    pattern: String,
    texts: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Answer<'a> {
    Refused(String),
    Ran { code: &'a [u32], flags: i64, groups: u32, found: Vec<[Found; 4]> },
}

/// The spans of each match: of the whole, then of its groups; -1 for a group that did not match.
type Matches = Vec<Vec<(isize, isize)>>;

#[derive(Serialize)]
#[serde(untagged)]
enum Found {
    Matches(Matches),
    Panic(&'static str),
}

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|_| ()));
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let python: Dialect = std::env::args().nth(1).ok_or("usage: sre-findings-engine VERSION")?.parse()?;
    let mut compiler = Compiler::new(python);
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line: Line = serde_json::from_str(&line?)?;
        let program = match line.bytes {
            true => compiler.compile(latin1(&line.pattern).as_slice(), Flags::empty()),
            false => compiler.compile(line.pattern.as_str(), Flags::empty()),
        };
        match &program {
            Err(error) => serde_json::to_writer(&mut out, &Answer::Refused(error.to_string()))?,
            Ok(program) => {
                let found = line.texts.iter().map(|text| match line.bytes {
                    true => all_ways(program, latin1(text).as_slice()),
                    false => all_ways(program, text.as_str()),
                });
                let (code, flags, groups) = (program.code(), program.flags().bits(), program.group_count());
                serde_json::to_writer(
                    &mut out,
                    &Answer::Ran { code, flags, groups, found: found.collect() },
                )?;
            }
        }
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| c as u8).collect()
}

/// Returns the results of `search`, `match`, `fullmatch` and `finditer`.
fn all_ways<S: StrDrive>(program: &Program, text: S) -> [Found; 4] {
    let request = |all| Request::new(text, 0, usize::MAX, program.code(), all);
    let once = |found: bool, state: &State| if found { vec![spans(program, state)] } else { Vec::new() };
    [
        guarded(|| {
            let mut state = State::default();
            once(state.search(request(false)), &state)
        }),
        guarded(|| {
            let mut state = State::default();
            once(state.py_match(&request(false)), &state)
        }),
        guarded(|| {
            let mut state = State::default();
            once(state.py_match(&request(true)), &state)
        }),
        guarded(|| {
            let mut iterator = SearchIter { req: request(false), state: State::default() };
            let mut matches = Vec::new();
            while iterator.next().is_some() {
                matches.push(spans(program, &iterator.state));
            }
            matches
        }),
    ]
}

fn guarded(run: impl FnOnce() -> Matches) -> Found {
    catch_unwind(AssertUnwindSafe(run)).map_or(Found::Panic("panic"), Found::Matches)
}

fn spans(program: &Program, state: &State) -> Vec<(isize, isize)> {
    let groups = (0..program.group_count() as usize).map(|group| {
        let (start, end) = state.marks.get(group);
        match (start.into_option(), end.into_option()) {
            (Some(start), Some(end)) => (start as isize, end as isize),
            _ => (-1, -1),
        }
    });
    std::iter::once((state.start as isize, state.cursor.position as isize)).chain(groups).collect()
}
