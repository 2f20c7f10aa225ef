//! What was run, for pages of results: command, machine and commit.

use std::env;

use sre_oracle::shell;
use sre_report::Machine;
use sre_support::visible::Shown;

/// The command line of this process, to be pasted.
pub(crate) fn command() -> String {
    let arguments = env::args_os().skip(1).map(|argument| shell::quote(&argument.shown().to_string()));
    ["sre".to_owned()].into_iter().chain(arguments).collect::<Vec<_>>().join(" ")
}

/// Pairs of a word and a text, such as the command and the machine.
pub(crate) fn run_facts() -> Vec<(&'static str, String)> {
    let build = if cfg!(debug_assertions) { "debug build" } else { "release build" };
    vec![
        ("Command", command()),
        ("Machine", Machine::this().to_string()),
        ("Version", format!("sre {}, commit {}, {build}", env!("CARGO_PKG_VERSION"), env!("SRE_COMMIT"))),
    ]
}
