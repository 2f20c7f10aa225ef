//! The project's own commands: `cargo xtask help`.

mod bench;
mod checks;
mod coverage;
mod find;
mod fuzz;
mod guidance;
mod leaks;
mod mutants;
mod options;
mod run;
mod selftest;
mod setup;
mod shell;
mod soak;
mod steps;
mod test;
mod unicode;
mod watch;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  fuzz      fuzzes for a minute: the compiler against the Python that is on the PATH
              --target T     differential (default), or compile: the compiler alone, every dialect
              --minutes M, --seconds S
              --jobs N       processes that share a corpus (default 1)
              -- ARGS        passed on to libFuzzer
            Sets up what is missing: cargo-fuzz, and a nightly toolchain. Needs rustup, a C++ compiler and python3
            (PYO3_PYTHON names another one).
            Exit status: 0 clean; 1 cannot run; 2 a divergence, a leak, retained memory or a crash.
  guidance  what it is worth that the search is guided by CPython's own compiler: fuzzes guided by ours, by CPython's, by
            both and by neither, and counts what was reached by other means
              --seconds S    for each pair (default 60); --rounds N: pairs (default 3)
  find      plants bugs, one at a time in a copy of the workspace, and tells how soon fuzzing finds each
              --output DIR   where the results are kept, as find.jsonl; what is there is not done again
              --bug NAME     only this one of fuzz/plants.txt; may be repeated
              --side S       ours-corpus, ours-empty, bytes: libFuzzer's own changes, from nothing, or reference-bytes:
                             the same for the reference alone, with atheris; may be repeated (default: all)
              --seconds S    of processor time for each search (default 60)
              --seeds N      searches for each bug from each side (default 3)
              --jobs N       searches at a time (default 1)
              --show         only shows what is in DIR
            Exit status: 0 done; 1 cannot run; 2 something is found where there is no bug.
  test      what CI runs, step by step: at most ten minutes on two cores, once all is built
              --quick        only the steps that take seconds
              --all          the steps that take longer, too, as CI does: coverage, samples, leaks, no-python, oldest-rust,
                             growth, selftest
              --keep-going   does not stop at the first failure
              --only STEP    one step, by name; may be repeated
              --list         names the steps
              --verbose      shows what the steps print
            Tests that need something that is not here are ignored; where SRE_REQUIRE names it (python, python3.13,
            python-tests, embedded, samples, valgrind; with commas between), they fail.
  bench     times the compiler beside CPython's and those of other projects, in turns, and prints what came out
              --jsonl FILE   patterns as sre record writes them; may be repeated (default: the corpus's seeds)
              --output DIR   writes bench.json and index.html there
              --sides A,B    only these; --rounds N: how often each has its turn (default 11); --quick: a look
              --instructions counts instructions as well, with valgrind
              --growth       times how families of patterns grow, instead
              --startup      times sre compile from its start to its end, instead
              --all          everything
              --format json  for programs
  answers   records what the interpreters found say of the corpus; shows what changes before it writes
              --check        writes nothing; exit status 2 if something would change
  examples  records what the interpreters found answer to compiler/tests/examples.txt
              --check        writes nothing; exit status 2 if something would change
  coverage  says what of our compiler and of the interpreters' own the corpus reaches, line by line: a page, and JSON;
            sets up llvm-tools if they are missing
              --output DIR   where to (default: coverage-report in the folder that cargo builds into)
            Exit status: 2 if a line is neither reached nor listed in corpus/unreached.txt.
  selftest  plants a leak, retained memory and a wrong opcode, and sees that fuzzing catches each, and that a soak of
            two minutes catches a slow leak
              --seconds S    how long each may take, and how long the clean build runs (default 60)
  mutants   changes the compiler in each small way that cargo-mutants knows, and sees that a replay of the corpus notices;
            see mutants/README.md. Takes minutes, and nearly an hour when nothing is known yet
              --shard I/N    only every N-th mutant from the I-th on; --join FILE adds what other shards kept
              --file F       only files whose name contains F; may be repeated
              --quick        none of those that need a build of their own
              --fresh        all again, not only what is new or was missed
              --report       only says what is known; --format json for programs
              --write        writes mutants/score.tsv even if not all is tried
  unicode   writes the Unicode tables anew from the interpreters found
              --check        compares them instead
  help      this text
";

fn main() -> ExitCode {
    // What is not UTF-8 is no argument of any command, and reported as such.
    let mut arguments = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let command = arguments.next();
    let rest: Vec<String> = arguments.collect();
    let done = match command.as_deref() {
        Some("fuzz") => fuzz::command(rest),
        Some("guidance") => guidance::command(rest),
        Some("find") => find::command(rest),
        Some("test") => test::command(rest),
        Some("bench") => bench::command(rest),
        Some("answers") => checks::answers_command(&rest),
        Some("examples") => checks::examples_command(rest),
        Some("coverage") => coverage::command(rest),
        Some("selftest") => selftest::command(rest),
        Some("mutants") => mutants::command(&rest),
        Some("unicode") => checks::unicode_command(rest),
        Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        Some(other) => Err(format!("no command {other}: see cargo xtask help")),
        None => Err(HELP.to_owned()),
    };
    done.unwrap_or_else(|why| {
        eprintln!("{}", sre_support::visible::lines(&why));
        ExitCode::from(1)
    })
}
