//! Compiles the corpus and compares with the recorded answers of every interpreter. There is a test
//! for each folder, so that `cargo test sets-big` runs `corpus/seeds/sets-big`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sre_case::{Outcome, corpus};
use sre_compiler::Dialect;
use sre_oracle::answers::{Answer, Answers, OutcomeOrHash, answers_file, replay};
use sre_support::files_below;
use sre_test_support::test;

/// Limit of differences shown for a folder.
const SHOWN: usize = 10;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    // A corpus that cannot be read fails the first test.
    let files = corpus::files(&root).unwrap_or_default();
    let mut folders: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for file in files {
        folders.entry(file.parent().unwrap_or(&root).to_owned()).or_default().push(file);
    }
    let mut tests = Vec::new();
    for (folder, files) in folders.clone() {
        let root = root.clone();
        tests.push(test(name(&root, &folder), move || folder_compiles_as_recorded(&root, &folder, &files)));
    }
    tests.push(test("corpus_is_complete", move || corpus_is_complete(&root, &folders)));
    sre_test_support::run(tests)
}

/// `seeds/sets-big`
fn name(root: &Path, folder: &Path) -> String {
    folder.strip_prefix(root).unwrap_or(folder).to_string_lossy().replace('\\', "/")
}

fn folder_compiles_as_recorded(root: &Path, folder: &Path, files: &[PathBuf]) {
    let recorded = Answers::read(&answers_file(root, folder)).expect("the answers can be read");
    let replayed = replay(root, files, usize::MAX).expect("the cases can be read");
    let mut wrong = String::new();
    for mismatch in replayed.mismatches.iter().take(SHOWN) {
        writeln!(wrong, "{mismatch}").expect("a String takes any text");
    }
    assert!(wrong.is_empty(), "{} answers are not as recorded:\n{wrong}", replayed.mismatches.len());
    assert!(replayed.unrecorded.is_empty(), "cases without recorded answers: {:#?}", replayed.unrecorded);
    let expected = files.len() * recorded.pythons.len();
    assert_eq!(replayed.answers, expected as u64, "each case has an answer of each interpreter");
    let may_differ = folder.ends_with("known");
    assert!(may_differ || replayed.known.is_empty(), "known divergences outside of corpus/known");
}

fn is_accepted(answer: &Answer) -> bool {
    matches!(&answer.outcome, OutcomeOrHash::Outcome(outcome) if matches!(**outcome, Outcome::Accepted(_)))
}

fn corpus_is_complete(root: &Path, folders: &BTreeMap<PathBuf, Vec<PathBuf>>) {
    let cases: usize = folders.values().map(Vec::len).sum();
    assert!(cases > 1000, "{cases} cases below {}", root.display());
    let answers = root.join("answers");
    let mut expected = BTreeSet::new();
    let mut interpreters: BTreeMap<Vec<String>, String> = BTreeMap::new();
    let mut without_texts = 0;
    for (folder, files) in folders {
        let file = answers_file(root, folder);
        let recorded = Answers::read(&file).expect("the answers can be read");
        for case in recorded.cases.keys() {
            assert!(files.contains(&folder.join(case)), "{}: {case} does not exist", file.display());
        }
        let answers = recorded.cases.values().flat_map(|case| case.answers.iter().flatten());
        without_texts += answers.filter(|answer| is_accepted(answer) && answer.debug.is_none()).count();
        let labels = recorded.pythons.iter().map(|python| python.label()).collect();
        interpreters.insert(labels, name(root, folder));
        expected.insert(file);
    }
    assert!(without_texts < 20, "{without_texts} accepted without the texts of re.DEBUG");
    assert_eq!(interpreters.len(), 1, "folders recorded from other interpreters: {interpreters:#?}");
    let (labels, _) = interpreters.first_key_value().expect("there is one");
    let minor = |label: &str| label.split('.').take(2).collect::<Vec<_>>().join(".");
    let recorded: BTreeSet<String> = labels.iter().map(|label| minor(label)).collect();
    let known: BTreeSet<String> = Dialect::all().map(|dialect| minor(&dialect.to_string())).collect();
    assert_eq!(recorded, known, "answers are recorded from every minor version");
    for folder in [root.to_owned(), root.join("seeds")] {
        for entry in folder.read_dir().expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            let holds_cases = || folders.keys().any(|folder| folder.starts_with(&path));
            let has_no_cases = path == answers || path == root.join("preview");
            assert!(!path.is_dir() || has_no_cases || holds_cases(), "{}: no case", path.display());
        }
    }
    for file in files_below(&answers).expect("the folder can be read") {
        assert!(expected.contains(&file), "{}: its folder does not exist", file.display());
    }
}
