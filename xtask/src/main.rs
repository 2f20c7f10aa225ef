//! The project's own commands: `cargo xtask help`.

mod bench;
mod bug_bench;
mod checks;
mod cluster;
mod coverage;
mod coverage_ablation;
mod explorer;
mod fuzz;
mod leaks;
mod libfuzzer_log;
mod mutants;
mod oss_fuzz;
mod pages;
mod pyodide;
mod python_package;
mod run;
mod selftest;
mod setup;
mod shell;
mod soak;
mod steps;
mod test;
mod unicode;
mod wheel;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Develop sre-compiler: test, fuzz, measure, and regenerate data.
///
/// `cargo xtask COMMAND --help` describes the options of a command; it starts and installs nothing.
#[derive(Parser, Debug)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Fuzz(fuzz::Arguments),
    Test(test::Arguments),
    Bench(bench::Options),
    Answers(checks::AnswersArguments),
    Examples(checks::ExamplesArguments),
    Unicode(checks::UnicodeArguments),
    Coverage(coverage::Arguments),
    Mutants(mutants::Options),
    OssFuzz(oss_fuzz::Arguments),
    Selftest(selftest::Arguments),
    #[command(alias = "find")]
    BugBench(bug_bench::Arguments),
    #[command(alias = "guidance")]
    CoverageAblation(coverage_ablation::Arguments),
    Explorer(explorer::Arguments),
    Wheel(wheel::Arguments),
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            // 2 means that something was found; see the help of the commands.
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    let done = match arguments.command {
        Command::Fuzz(arguments) => fuzz::command(arguments),
        Command::Test(arguments) => test::command(&arguments),
        Command::Bench(arguments) => bench::command(&arguments),
        Command::Answers(arguments) => checks::answers_command(&arguments),
        Command::Examples(arguments) => checks::examples_command(&arguments),
        Command::Unicode(arguments) => checks::unicode_command(&arguments),
        Command::Coverage(arguments) => coverage::command(&arguments),
        Command::Mutants(arguments) => mutants::command(&arguments),
        Command::OssFuzz(arguments) => oss_fuzz::command(&arguments),
        Command::Selftest(arguments) => selftest::command(&arguments),
        Command::BugBench(arguments) => bug_bench::command(arguments),
        Command::CoverageAblation(arguments) => coverage_ablation::command(&arguments),
        Command::Explorer(arguments) => explorer::command(&arguments),
        Command::Wheel(arguments) => wheel::command(&arguments),
    };
    done.unwrap_or_else(|why| {
        eprintln!("{}", sre_support::visible::lines(&format!("{why:#}")));
        ExitCode::from(1)
    })
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use sre_support::visible::Shown;

    use super::{Arguments, Command};
    use crate::shell::{files, root};

    fn parse(line: &str) -> Result<Command, clap::Error> {
        Arguments::try_parse_from(line.split(' ')).map(|arguments| arguments.command)
    }

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn commands_that_other_programs_print_are_understood() {
        let mut parsed = 0;
        for folder in ["sre/src", "memory/src", "oracle/src", "fuzz/src"] {
            for file in files(&root().join(folder)) {
                let source = std::fs::read_to_string(&file).unwrap_or_default();
                for part in source.split("\"cargo xtask ").skip(1) {
                    let line = part.split(['"', '\\']).next().unwrap_or_default();
                    // The end of a sentence, or a part of a longer text.
                    if !line.contains(" --") {
                        continue;
                    }
                    let result = parse(&format!("xtask {line}"));
                    assert!(result.is_ok(), "{}: cargo xtask {line}: {result:?}", file.shown());
                    parsed += 1;
                }
            }
        }
        assert!(parsed >= 1);
    }

    #[test]
    fn help_is_answered_before_anything_runs() {
        let mut seen = 0;
        for command in Arguments::command().get_subcommands() {
            for help in ["--help", "-h"] {
                let error =
                    parse(&format!("xtask {} {help}", command.get_name())).expect_err("help ends parsing");
                assert_eq!(error.kind(), clap::error::ErrorKind::DisplayHelp, "{}", command.get_name());
                assert!(!error.use_stderr(), "exit status 0");
            }
            assert!(command.get_about().is_some(), "{} says what it does", command.get_name());
            seen += 1;
        }
        assert!(seen >= 11, "{seen}");
    }

    #[test]
    fn the_former_names_of_commands_still_work() {
        assert!(matches!(parse("xtask find --show --output x"), Ok(Command::BugBench(_))));
        assert!(parse("xtask test --only oldest-rust --only targets").is_ok());
        assert!(matches!(parse("xtask guidance --rounds 1"), Ok(Command::CoverageAblation(_))));
    }

    #[test]
    fn unknown_options_and_values_are_rejected() {
        for line in [
            "xtask fuzz --job 2",
            "xtask fuzz --jobs many",
            "xtask fuzz --minutes x",
            "xtask fuzz --target x",
            "xtask bug-bench --output x --side x",
            "xtask test --only x",
            "xtask mutants --shard 4/4",
            "xtask",
        ] {
            assert!(parse(line).expect_err(line).use_stderr(), "{line}");
        }
    }

    #[test]
    fn options_after_two_dashes_go_to_libfuzzer() {
        let Ok(Command::Fuzz(arguments)) = parse("xtask fuzz --seconds=30 -- -runs=1 --x") else {
            panic!("not parsed")
        };
        assert_eq!(arguments.libfuzzer, ["-runs=1", "--x"]);
    }
}
