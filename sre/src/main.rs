//! The command `sre`: compiles, shows and compares patterns.

mod check;
mod compare;
mod compile;
mod corpus;
mod coverage;
mod dis;
mod examples;
mod exhaustive;
mod expect;
mod explain;
mod groups;
mod hints;
mod input;
mod interpreters;
mod memory;
mod merge;
mod messages;
mod minimize;
mod options;
mod program;
mod progress;
mod pythons;
mod record;
mod recording;
mod references;
mod refusal;
mod rule;
mod run_facts;
mod sharding;
mod shell_files;
mod soak;
mod status;
mod summary;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::panic;
use std::process::ExitCode;
use std::sync::LazyLock;
#[cfg(unix)]
use std::sync::{Arc, atomic::AtomicBool};

use clap::{FromArgMatches, Parser, Subcommand};
use sre_memory::TrackingAllocator;
use sre_oracle::COMPILER;
use sre_support::{visible, visible::Shown};

use status::Status;

/// The version, the commit, and a hash of the compiler's source.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    format!("{} (commit {}, compiler {COMPILER})", env!("CARGO_PKG_VERSION"), env!("SRE_COMMIT"))
});

#[global_allocator]
static ALLOCATOR: TrackingAllocator = TrackingAllocator;

/// Check, compile, compare and measure Python regular expressions
///
/// Exit status: 0 no difference, 1 usage or input error, 2 divergence, 3 only known divergences
/// (with --strict-known), 70 internal error.
#[derive(Parser)]
#[command(name = "sre", version = VERSION.as_str(), max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// The verbs, in the order of their groups (see [`groups`]). Former names are hidden.
#[derive(Subcommand)]
enum Command {
    Check(check::Arguments),
    Rule(rule::Arguments),
    Compile(compile::Arguments),
    Dis(dis::Arguments),
    Explain(explain::Arguments),
    Compare(compare::Arguments),
    Minimize(minimize::Arguments),
    Record(record::Arguments),
    Pythons(pythons::Arguments),
    Corpus(corpus::Arguments),
    Memory(memory::Arguments),
    References(references::Arguments),
    Soak(soak::Arguments),
    #[command(alias = "sweep")]
    Exhaustive(exhaustive::Arguments),
    Merge(merge::Arguments),
    Completions(shell_files::CompletionsArguments),
    #[command(hide = true)]
    Man(shell_files::ManArguments),
    #[command(hide = true)]
    Keep(corpus::add::Arguments),
    #[command(hide = true)]
    Replay(corpus::test::Arguments),
    #[command(hide = true)]
    Answers(corpus::record::Arguments),
    #[command(hide = true)]
    Coverage(coverage::Arguments),
}

impl Arguments {
    fn parse_from(arguments: impl Iterator<Item = impl Into<OsString> + Clone>) -> Result<Self, clap::Error> {
        let matches = groups::command::<Arguments>().try_get_matches_from(arguments)?;
        Arguments::from_arg_matches(&matches)
    }
}

/// Prints clap's error. Since that quotes the arguments, control characters in them are escaped
/// first.
fn report_usage(error: clap::Error) -> io::Result<()> {
    let shown: Vec<String> = env::args_os().map(|argument| argument.shown().to_string()).collect();
    let is_plain = env::args_os().zip(&shown).all(|(argument, shown)| argument == **shown);
    let error = match Arguments::parse_from(shown.into_iter()) {
        Err(of_shown) if !is_plain && of_shown.kind() == error.kind() => of_shown,
        _ => error,
    };
    let plain = error.render().to_string();
    let shown = visible::lines(&plain).to_string();
    if shown == plain { error.print() } else { write!(io::stderr(), "{shown}") }
}

fn main() -> ExitCode {
    let arguments = match Arguments::parse_from(env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => {
            let status = if error.use_stderr() { Status::Usage } else { Status::Same };
            match report_usage(error).and_then(|()| io::stdout().flush()) {
                Err(why) if why.kind() != io::ErrorKind::BrokenPipe => {
                    messages::error(format_args!("cannot write standard output: {why}"));
                    return Status::Usage.into();
                }
                _ => return status.into(),
            }
        }
    };
    #[cfg(unix)]
    {
        // With the signal caught, a write beyond the file-size limit fails instead of ending the
        // process.
        let caught = Arc::new(AtomicBool::new(false));
        let _ = signal_hook::flag::register(libc::SIGXFSZ, caught);
    }
    let result = panic::catch_unwind(|| match arguments.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Rule(arguments) => rule::run(&arguments),
        Command::Compile(arguments) => compile::run(&arguments),
        Command::Dis(arguments) => dis::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Minimize(arguments) => minimize::run(&arguments),
        Command::Record(arguments) => record::run(&arguments),
        Command::Pythons(arguments) => pythons::run(&arguments),
        Command::Corpus(arguments) => corpus::run(&arguments),
        Command::Memory(arguments) => memory::run(&arguments),
        Command::References(arguments) => references::run(&arguments),
        Command::Soak(arguments) => soak::run(&arguments),
        Command::Exhaustive(arguments) => exhaustive::run(&arguments),
        Command::Merge(arguments) => merge::run(&arguments),
        Command::Completions(arguments) => {
            shell_files::completions(&arguments, groups::command::<Arguments>())
        }
        Command::Man(arguments) => shell_files::man(&arguments, groups::command::<Arguments>()),
        Command::Keep(arguments) => corpus::add::run(&arguments),
        Command::Replay(arguments) => corpus::test::run(&arguments),
        Command::Answers(arguments) => corpus::record::run(&arguments),
        Command::Coverage(arguments) => coverage::run(&arguments),
    });
    match result {
        Ok(Ok(status)) => status,
        Ok(Err(error)) if status::is_broken_pipe(&error) => Status::Same,
        Ok(Err(error)) => {
            // A bare I/O error comes from standard output: all others name their file. If standard
            // error cannot be written, nothing more can be done.
            let is_unnamed = error.downcast_ref::<io::Error>().is_some_and(|e| e.raw_os_error().is_some());
            let what =
                if is_unnamed && error.chain().count() == 1 { "cannot write standard output: " } else { "" };
            messages::error(format_args!("{what}{}", visible::lines(&format!("{error:#}"))));
            Status::Usage
        }
        Err(_) => Status::Internal,
    }
    .into()
}
