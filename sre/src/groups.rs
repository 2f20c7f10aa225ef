//! The groups of verbs in `sre --help`, which clap does not have, and the examples of each verb.

use std::fmt::Write;

use clap::{Command, CommandFactory};

use crate::examples;

/// The groups, with the names of their verbs.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Patterns", &["check", "rule", "compile", "dis", "explain"]),
    ("Interpreters", &["compare", "minimize", "record", "pythons"]),
    ("The corpus of a checkout", &["corpus"]),
    ("Measuring", &["memory", "references", "soak", "exhaustive", "merge"]),
    ("Shells", &["completions"]),
];

/// Returns the command, with its verbs in groups, and examples in the help of each.
pub(crate) fn command<C: CommandFactory>() -> Command {
    let command = examples::add(C::command());
    let mut listed = String::new();
    for (name, verbs) in GROUPS {
        let _ = write!(listed, "\n\x1b[1m\x1b[4m{name}:\x1b[0m\n");
        for verb in command.get_subcommands().filter(|verb| verbs.contains(&verb.get_name())) {
            let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(listed, "  \x1b[1m{:11}\x1b[0m {about}", verb.get_name());
        }
    }
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n{listed}\n\x1b[1m\x1b[4mOptions:\x1b[0m\n{{options}}{{after-help}}"
    );
    command.help_template(template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_visible_verb_is_in_a_group() {
        let command = crate::Arguments::command();
        let visible = command.get_subcommands().filter(|verb| !verb.is_hide_set()).map(Command::get_name);
        let grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, verbs)| verbs.iter().copied()).collect();
        assert_eq!(visible.collect::<Vec<_>>(), grouped);
    }
}
