//! What the help of `sre` shows can be pasted: the examples of every verb run in a checkout.
#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use sre_test_support::Missing;

const SRE: &str = env!("CARGO_BIN_EXE_sre");

/// The verbs of the general help, and those of `corpus`.
const VERBS: [&str; 18] = [
    "check",
    "rule",
    "compile",
    "dis",
    "explain",
    "compare",
    "minimize",
    "record",
    "pythons",
    "corpus add",
    "corpus record",
    "corpus test",
    "corpus coverage",
    "memory",
    "references",
    "soak",
    "exhaustive",
    "merge",
];

/// Examples that take too long for a test, or need more than a test has: their options have to be known.
const NOT_RUN: [&str; 6] =
    ["--pythons ./python", "--minutes 30", "--tokens 4", "corpus coverage", "sre merge", "--accept"];

fn help(verb: &str) -> String {
    let output = Command::new(SRE).args(verb.split(' ')).arg("--help").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{verb}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands of the examples of a verb.
fn examples(verb: &str) -> Vec<String> {
    let help = help(verb);
    let (_, examples) = help.split_once("\nExamples:\n").unwrap_or_else(|| panic!("{verb} has no examples"));
    let lines = examples.lines().take_while(|line| line.starts_with("  "));
    let lines = lines.map(str::trim).filter(|line| !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

/// Runs a command line by a shell that finds this `sre`.
fn run(line: &str, folder: &Path) -> Output {
    let path = env::var_os("PATH").unwrap_or_default();
    let own = Path::new(SRE).parent().unwrap().to_owned();
    let path = env::join_paths([own].into_iter().chain(env::split_paths(&path))).unwrap();
    Command::new("sh").args(["-c", line]).current_dir(folder).env("PATH", path).output().unwrap()
}

/// A folder with the files that the examples name, and a small corpus.
fn place() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).unwrap();
    write("app.py", "import re\nre.compile('a')\n");
    write("mine.jsonl", "{\"kind\": \"str\", \"pattern\": \"a|b\", \"flags\": 0}\n");
    fs::create_dir_all(folder.path().join("corpus/seeds")).unwrap();
    write("corpus/seeds/a.case", "str -\na");
    folder
}

fn every_verb_has_examples() {
    for verb in VERBS {
        assert!(!examples(verb).is_empty(), "{verb}");
    }
}

fn examples_run() -> Result<(), Missing> {
    common::newest()?;
    let mut ran = 0;
    for verb in VERBS {
        for line in examples(verb) {
            let line = line.replace("--pythons 3.13", "--pythons newest");
            if NOT_RUN.iter().any(|part| line.contains(part)) {
                continue;
            }
            let folder = place();
            let output = run(&line, folder.path());
            // A refused pattern or a divergence is what some examples are about; an error is not.
            let status = output.status.code();
            let needs_answers = verb == "corpus test";
            assert!(
                matches!(status, Some(0 | 2)) || needs_answers && status == Some(1),
                "{line}: {output:?}"
            );
            assert!(!String::from_utf8_lossy(&output.stderr).contains("error: "), "{line}: {output:?}");
            ran += 1;
        }
    }
    assert!(ran > 15, "{ran}");
    Ok(())
}

/// A run of seconds instead of the one that is shown.
fn long_examples_run_when_they_are_shortened() -> Result<(), Missing> {
    common::newest()?;
    let folder = place();
    let short =
        |line: &str| line.replace("--minutes 30", "--minutes 0.02").replace("--tokens 4", "--tokens 1");
    for verb in ["soak", "exhaustive"] {
        for line in &examples(verb) {
            let line = short(line).replace("--pythons 3.13", "--pythons newest");
            let output = run(&line, folder.path());
            // In a second, any verdict is possible on a busy machine.
            assert!(matches!(output.status.code(), Some(0 | 2)), "{line}: {output:?}");
            assert!(!String::from_utf8_lossy(&output.stderr).contains("error: "), "{line}: {output:?}");
        }
    }
    Ok(())
}

fn completions_and_man_pages_know_every_verb() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = Command::new(SRE).args(["completions", shell]).output().unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0));
        for verb in VERBS {
            let last = verb.rsplit(' ').next().unwrap();
            assert!(script.contains(last), "{shell}: {verb}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(SRE).arg("man").arg(folder.path().join("man1")).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    for verb in VERBS {
        let page = folder.path().join("man1").join(format!("sre-{}.1", verb.replace(' ', "-")));
        let text = fs::read_to_string(&page).unwrap_or_else(|why| panic!("{page:?}: {why}"));
        assert!(text.contains(".SH OPTIONS"), "{page:?}");
    }
    let former = folder.path().join("man1/sre-keep.1");
    assert!(!former.exists(), "a hidden verb has a page");
}

/// What the shell's completion is asked for: bash runs the script.
fn bash_completes_verbs_and_options() {
    let script = "eval \"$(sre completions bash)\"; COMP_WORDS=(sre comp); COMP_CWORD=1; _sre sre comp sre; echo ${COMPREPLY[@]}
COMP_WORDS=(sre compare --py); COMP_CWORD=2; _sre sre --py compare; echo ${COMPREPLY[@]}";
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.sh"), script).unwrap();
    let output = run("command -v bash > /dev/null && bash x.sh", folder.path());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.first(), Some(&"compile compare completions"), "{output:?}");
    assert!(lines.get(1).is_some_and(|line| line.contains("--pythons")), "{output:?}");
}

sre_test_support::tests! {
    every_verb_has_examples,
    examples_run,
    long_examples_run_when_they_are_shortened,
    completions_and_man_pages_know_every_verb,
    bash_completes_verbs_and_options,
}
