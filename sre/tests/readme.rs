//! The commands in README.md and docs/ print the output shown there, and the help of every verb fits a terminal.
//!
//! In a block of `console`, a line `$ sre …` is a command, and the lines up to the next one are its output. `[..]` stands
//! for any text within a line, and a line `...` for any lines. A command without output, or of a verb whose output depends
//! on the interpreters found, is not run: only its verb and its options are checked.
#![cfg(unix)]
#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SRE: &str = env!("CARGO_BIN_EXE_sre");

/// The verbs that print the same everywhere.
const SAME_EVERYWHERE: [&str; 3] = ["check", "compile", "dis"];

/// The files that the commands of the pages are run with.
const FILES: [(&str, &str); 1] = [("app.py", "import re\nUSER = re.compile(r\"(?P<user>\\w+)++@\")\n")];

/// How wide a terminal is.
const COLUMNS: usize = 80;

/// A command that a page shows.
#[derive(Debug, PartialEq)]
struct Shown {
    line: usize,
    command: String,
    output: Vec<String>,
}

impl Shown {
    fn verb(&self) -> &str {
        self.command.split_whitespace().nth(1).unwrap_or_default()
    }

    fn is_run(&self) -> bool {
        !self.output.is_empty() && SAME_EVERYWHERE.contains(&self.verb())
    }
}

fn shown(page: &str) -> Vec<Shown> {
    let (mut all, mut in_block, mut is_ours) = (Vec::<Shown>::new(), false, false);
    for (line, text) in (1..).zip(page.lines()) {
        if text.starts_with("```") {
            in_block = !in_block && text.trim() == "```console";
            is_ours = false;
        } else if let (true, Some(command)) = (in_block, text.strip_prefix("$ ")) {
            is_ours = command.starts_with("sre ");
            if is_ours {
                all.push(Shown { line, command: command.to_owned(), output: Vec::new() });
            }
        } else if is_ours {
            all.last_mut().unwrap().output.push(text.to_owned());
        }
    }
    for shown in &mut all {
        while shown.output.last().is_some_and(String::is_empty) {
            shown.output.pop();
        }
    }
    all
}

fn sre() -> Command {
    let mut command = Command::new(SRE);
    command.env("COLUMNS", COLUMNS.to_string());
    command
}

/// Runs a line as a shell would, in a folder with the files that pages name, and returns its output.
fn run(line: &str) -> String {
    let folder = Path::new(SRE).parent().unwrap().to_owned();
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([folder].into_iter().chain(env::split_paths(&path))).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", &format!("exec 2>&1\n{line}")]).env("PATH", path);
    command.env("COLUMNS", COLUMNS.to_string());
    let here = tempfile::tempdir().unwrap();
    for (name, content) in FILES {
        fs::write(here.path().join(name), content).unwrap();
    }
    let output = command.current_dir(here.path()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn line_matches(expected: &str, line: &str) -> bool {
    let Some((before, after)) = expected.split_once("[..]") else { return expected == line };
    let Some(rest) = line.strip_prefix(before) else { return false };
    let starts = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    starts.into_iter().any(|at| line_matches(after, &rest[at..]))
}

fn matches(expected: &[String], lines: &[&str]) -> bool {
    match expected {
        [] => lines.is_empty(),
        [any, rest @ ..] if any == "..." => (0..=lines.len()).any(|n| matches(rest, &lines[n..])),
        [first, rest @ ..] => lines
            .split_first()
            .is_some_and(|(line, lines)| line_matches(first, line.trim_end()) && matches(rest, lines)),
    }
}

/// Returns what is wrong with a command on a page.
fn fault(shown: &Shown) -> Option<String> {
    if shown.is_run() {
        let printed = run(&shown.command);
        let lines: Vec<&str> = printed.trim_end().lines().collect();
        return (!matches(&shown.output, &lines)).then(|| format!("prints:\n{printed}"));
    }
    let verb = shown.verb();
    let mut help = sre();
    match verb {
        option if option.starts_with('-') => {}
        "corpus" => drop(help.args(["corpus", shown.command.split_whitespace().nth(2).unwrap_or_default()])),
        verb => drop(help.arg(verb)),
    }
    let help = help.arg("--help").output().unwrap();
    if !help.status.success() {
        return Some(format!("has no verb {verb}"));
    }
    let text = text(&help);
    let words = shown.command.split_whitespace().take_while(|word| *word != "--");
    let mut options = words.filter(|word| word.starts_with("--")).map(|word| word.split('=').next().unwrap());
    let has =
        |option: &str| text.split(|c: char| !(c.is_alphanumeric() || c == '-')).any(|word| word == option);
    options.find(|option| !has(option)).map(|option| format!("has no option {option}"))
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn what_the_pages_show_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let docs = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages = docs.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let (mut run, mut faults) = (0, Vec::new());
    for path in pages.chain([root.join("README.md")]) {
        for shown in shown(&fs::read_to_string(&path).unwrap()) {
            run += usize::from(shown.is_run());
            let place = format!("{path:?}, line {}: `{}`", shown.line, shown.command);
            faults.extend(fault(&shown).map(|fault| format!("{place} {fault}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(run > 0, "no page shows the output of a command");
}

/// The test above finds the errors of a page.
#[test]
fn a_page_that_shows_something_else_is_found_out() {
    let page = "$ sre nothing\n```console\n$ sre check 'a+'\n3.8 to 3.15  accepted\n\n$ cargo build\nno\n$ sre compare --pythons all a\nx\n```\n\
        ```sh\n$ sre b\n```\n```console\n$ sre check 'a++'\n3.8 to [..]  refused\n...\n3.11 and later  accepted\n```\n";
    let all = shown(page);
    assert_eq!(all.iter().map(|shown| shown.line).collect::<Vec<_>>(), [3, 8, 15]);
    assert_eq!(all[0].output, ["3.8 to 3.15  accepted"]);
    for shown in &all {
        assert_eq!(fault(shown), None, "{shown:?}");
    }
    for (command, output, why) in [
        ("sre check 'a++'", &["3.8 to 3.15  accepted"][..], "prints:\n3.8 to 3.10"),
        ("sre check a", &["3.8 [..] refused"], "prints:\n3.8 to 3.15"),
        ("sre check a", &["...", "more"], "prints:\n3.8 to 3.15"),
        ("sre nonsense a", &[], "has no verb nonsense"),
        ("sre compare --python-list a", &[], "has no option --python-list"),
    ] {
        let output = output.iter().map(|line| (*line).to_owned()).collect();
        let found = fault(&Shown { line: 1, command: command.to_owned(), output }).unwrap();
        assert!(found.starts_with(why), "{command}: {found}");
    }
}

#[test]
fn the_help_of_every_verb_fits_a_terminal_and_cuts_no_word() {
    let general = text(&sre().arg("-h").output().unwrap());
    let verbs = general.lines().take_while(|line| *line != "Options:");
    let verbs = verbs.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let verbs: Vec<&str> = verbs.map(|line| line.split_whitespace().next().unwrap()).collect();
    assert!(verbs.len() > 10 && verbs.contains(&"check"), "{verbs:?}");
    let mut pages = vec![vec!["--help"], vec!["-h"]];
    pages.extend(verbs.iter().flat_map(|verb| [vec![*verb, "--help"], vec![*verb, "-h"]]));
    for verb in ["add", "record", "test", "coverage"] {
        pages.extend([vec!["corpus", verb, "--help"], vec!["corpus", verb, "-h"]]);
    }
    pages.extend(["keep", "answers", "replay", "coverage", "sweep"].map(|former| vec![former, "-h"]));
    for page in pages {
        let narrow = sre().args(&page).output().unwrap();
        assert_eq!(narrow.status.code(), Some(0), "{page:?}: {narrow:?}");
        let narrow = text(&narrow);
        for line in narrow.lines() {
            assert!(line.chars().count() <= COLUMNS, "{page:?}: {line}");
        }
        // The same words in a wide terminal: none is cut in two.
        let wide = text(&sre().args(&page).env("COLUMNS", "100").output().unwrap());
        assert!(narrow.split_whitespace().eq(wide.split_whitespace()), "{page:?}:\n{narrow}\n{wide}");
    }
}
