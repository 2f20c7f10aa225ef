//! What the checker says of meaning against interpreters that match.
//!
//! For each two neighbouring versions on this machine, and each pattern that both accept: where the
//! checker says that the meaning changes, a text is searched that the two match differently, a
//! witness; where it says nothing, they have to match all texts alike, apart from what the checker
//! does not promise (see [`Excuse`]).

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::thread;

use serde_json::Value;
use sre_case::{Case, Text, corpus, parse_versions, wire};
use sre_check::{Checker, Difference};
use sre_compiler::{Category, Compiler, Dialect, Flags, NodeKind, SetItem};
use sre_generate::{Generator, Subject, Subjects};
use sre_oracle::pythons;
use sre_oracle::pythons::Python;
use sre_test_support::{Missing, Prerequisite, run_script};

/// Subjects for each pattern, and more for each change that has no witness among them.
const SUBJECTS: usize = 50;
const MORE_SUBJECTS: usize = 3_000;

/// How many patterns the interpreters are asked for at a time, since answers take memory.
const CHUNK: usize = 1_000;

/// The answers of an interpreter for a pattern, by subject; `None` if it refuses the pattern.
type Answers = Option<Vec<Value>>;

fn request(case: &Case, subjects: &[Subject]) -> Vec<u8> {
    let mut line = b"{\"case\": ".to_vec();
    wire::write_request(&mut line, case, false);
    let text = |text: &Text| match text {
        Text::Str(text) => text.clone(),
        Text::Bytes(text) => text.iter().copied().map(u32::from).collect(),
    };
    let subjects: Vec<(Vec<u32>, usize, usize)> =
        subjects.iter().map(|subject| (text(&subject.text), subject.pos, subject.endpos)).collect();
    line.extend(b", \"subjects\": ");
    line.extend(serde_json::to_vec(&subjects).unwrap());
    line.extend(b"}\n");
    line
}

fn ask(python: &Python, lines: &[u8]) -> Vec<Answers> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/match_subjects.py");
    let answers = run_script(&python.path, &script, lines);
    answers.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The patterns of the corpus, generated ones (`SRE_CHECK_CASES` of them), and those in the file
/// `SRE_SAMPLES`: one in 16, or all with `SRE_WITNESS=all`.
fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    let mut cases: Vec<Case> =
        corpus::files(&root).unwrap().iter().map(|file| corpus::read(file).unwrap()).collect();
    assert!(cases.len() > 1000);
    let mut samples = Vec::new();
    if let Some(path) = sre_test_support::samples() {
        let lines = fs::read_to_string(path).unwrap();
        samples.extend(lines.lines().map(|line| wire::parse_request(line.as_bytes()).unwrap().case));
    }
    let count = sre_support::variable("SRE_CHECK_CASES")
        .map_or(500, |count| count.to_string_lossy().parse().unwrap());
    let mut generator = Generator::new(24).with_samples(samples.clone());
    let step = if std::env::var_os("SRE_WITNESS").is_some_and(|wanted| wanted == "all") { 1 } else { 16 };
    cases.extend(samples.into_iter().step_by(step));
    cases.extend((0..count).map(|_| generator.case()));
    cases
}

/// Why interpreters may match differently though their compilers do the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Excuse {
    /// A category, a boundary, a back reference that ignores case, or the locale: the engine looks
    /// it up.
    Lookup,
    /// A bug of the engine that a later version has not.
    Engine,
}

/// Returns why a pattern may match a text differently, if there is a reason.
fn excuse(case: &Case, text: &Text, dialect: Dialect) -> Option<Excuse> {
    let mut compiler = Compiler::new(dialect);
    compiler.record_tree(true);
    let program = compiler.compile(case.pattern(), case.flags).ok()?;
    let mut found = program.flags().intersects(Flags::LOCALE).then_some(Excuse::Lookup);
    for node in compiler.tree()?.nodes() {
        let of_node = match node.kind() {
            NodeKind::PossessiveRepeat { .. } | NodeKind::AtomicGroup { .. } => Some(Excuse::Engine),
            // A repeat of something that may be empty, or of a group.
            kind if kind.as_repeat().is_some_and(|(_, _, body)| is_complex(body)) => Some(Excuse::Engine),
            NodeKind::GroupRef { .. } | NodeKind::At(_) => Some(Excuse::Lookup),
            NodeKind::In { items, .. } => {
                let is_word = |item| matches!(item, SetItem::Category(Category::Word | Category::NotWord));
                items.into_iter().any(is_word).then_some(Excuse::Lookup)
            }
            _ => None,
        };
        found = found.max(of_node);
    }
    // What the engine looks up in tables of Unicode changed for no character of ASCII.
    let is_unicode = matches!(text, Text::Str(text) if text.iter().any(|&c| c > 0x7f));
    let can_change = is_unicode || program.flags().intersects(Flags::LOCALE);
    found.filter(|&excuse| excuse != Excuse::Lookup || can_change)
}

fn is_complex(body: sre_compiler::Sequence<'_>) -> bool {
    body.into_iter().any(|node| !matches!(node.kind(), NodeKind::Literal(_) | NodeKind::In { .. }))
}

#[derive(Default)]
struct Totals {
    patterns: usize,
    pairs: usize,
    changed: usize,
    witnessed: usize,
    excused: BTreeMap<Excuse, usize>,
    unexcused: Vec<String>,
    unwitnessed: Vec<String>,
}

fn changes_of_meaning_have_witnesses_and_others_match_alike() -> Result<(), Missing> {
    let mut found: Vec<Python> =
        pythons::find().into_iter().filter(|python| python.dialect.is_ok()).collect();
    found.sort_by_key(|python| python.info.version);
    found.dedup_by_key(|python| python.info.version);
    let pythons = Prerequisite::Python.require((found.len() > 1).then_some(found))?;
    let mut generator = Subjects::new(24);
    let newest = *pythons.last().unwrap().dialect.as_ref().unwrap();
    let oldest = *pythons[0].dialect.as_ref().unwrap();
    let mut totals = Totals::default();
    for cases in cases().chunks(CHUNK) {
        let mut cases: Vec<(Case, Vec<Subject>)> = cases
            .iter()
            .map(|case| {
                let subjects = generator.make(case, newest, SUBJECTS);
                let subjects =
                    if subjects.is_empty() { generator.make(case, oldest, SUBJECTS) } else { subjects };
                (case.clone(), subjects)
            })
            .collect();
        cases.retain(|(_, subjects)| !subjects.is_empty());
        totals.patterns += cases.len();
        let lines: Vec<u8> = cases.iter().flat_map(|(case, subjects)| request(case, subjects)).collect();
        let answers: Vec<Vec<Answers>> = thread::scope(|scope| {
            let threads: Vec<_> = pythons.iter().map(|python| scope.spawn(|| ask(python, &lines))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for n in 1..pythons.len() {
            compare(
                [&pythons[n - 1], &pythons[n]],
                &cases,
                [&answers[n - 1], &answers[n]],
                &mut generator,
                &mut totals,
            );
        }
    }
    let Totals { patterns, pairs, changed, witnessed, excused, unexcused, unwitnessed } = totals;
    eprintln!(
        "{patterns} patterns, {pairs} pairs of answers: {changed} changes, {witnessed} with a witness; excused {excused:?}, \
         not excused {}",
        unexcused.len()
    );
    unwitnessed.iter().take(40).for_each(|line| eprintln!("no witness: {line}"));
    assert!(pairs > 1000 && changed > 10 && witnessed * 10 >= changed * 8, "most changes have a witness");
    assert!(unexcused.is_empty(), "{}", unexcused[..unexcused.len().min(40)].join("\n"));
    Ok(())
}

fn compare(
    pythons: [&Python; 2],
    cases: &[(Case, Vec<Subject>)],
    answers: [&[Answers]; 2],
    generator: &mut Subjects,
    totals: &mut Totals,
) {
    let label = pythons.map(|python| python.info.label()).join(" and ");
    let version = |python: &Python| {
        let (major, minor, patch) = python.info.version;
        format!("{major}.{minor}.{patch}")
    };
    let versions = parse_versions(&pythons.map(version).join(","), false).unwrap();
    let dialect = *pythons[1].dialect.as_ref().unwrap();
    let mut checker = Checker::new(versions);
    let mut changed = Vec::new();
    for (n, (case, subjects)) in cases.iter().enumerate() {
        let (Some(before), Some(after)) = (&answers[0][n], &answers[1][n]) else { continue };
        totals.pairs += 1;
        let witness = first_difference(before, after);
        let report = checker.check(case);
        let change = report.answers.iter().find_map(|answer| answer.difference.as_ref());
        totals.changed += usize::from(change.is_some());
        match (change, witness) {
            (Some(_), Some(_)) => totals.witnessed += 1,
            (Some(change), None) => changed.push((case, characters(change))),
            (None, None) => {}
            (None, Some(at)) => match excuse(case, &subjects[at].text, dialect) {
                Some(excuse) => *totals.excused.entry(excuse).or_default() += 1,
                None => {
                    let subject = &subjects[at];
                    totals.unexcused.push(format!(
                        "{label}: {case:?} on {:?} {}..{}",
                        subject.text, subject.pos, subject.endpos
                    ));
                }
            },
        }
    }
    if changed.is_empty() {
        return;
    }
    let more: Vec<u8> = changed
        .iter()
        .flat_map(|(case, characters)| {
            let mut subjects = generator.make(case, dialect, MORE_SUBJECTS);
            let with_characters = subjects.iter().flat_map(|subject| with_each(subject, characters));
            let with_characters: Vec<Subject> = with_characters.take(MORE_SUBJECTS).collect();
            subjects.extend(with_characters);
            request(case, &subjects)
        })
        .collect();
    let [before, after] = pythons.map(|python| ask(python, &more));
    for ((case, _), (before, after)) in changed.iter().zip(before.iter().zip(&after)) {
        let (Some(before), Some(after)) = (before, after) else { continue };
        match first_difference(before, after) {
            Some(_) => totals.witnessed += 1,
            None => totals.unwitnessed.push(format!("{label}: {}", case.excerpt())),
        }
    }
}

/// Returns the index of the first subject that two interpreters match differently, if none took too
/// long.
fn first_difference(before: &[Value], after: &[Value]) -> Option<usize> {
    let differs =
        |(before, after): (&Value, &Value)| before != after && !before.is_string() && !after.is_string();
    before.iter().zip(after).position(differs)
}

/// Returns the characters that occur in one side of a difference only.
fn characters(change: &Difference) -> Vec<u32> {
    let lines =
        |text: &str| -> BTreeSet<String> { text.lines().map(|line| line.trim().to_owned()).collect() };
    let (before, after) = (lines(&change.before), lines(&change.after));
    let words = before.symmetric_difference(&after).flat_map(|line| line.split_whitespace());
    words.filter_map(|word| u32::from_str_radix(word.strip_prefix("U+")?, 16).ok()).collect()
}

/// Returns a subject with each of some characters in place of another case of it, at each place.
fn with_each(subject: &Subject, characters: &[u32]) -> Vec<Subject> {
    let Text::Str(text) = &subject.text else { return Vec::new() };
    let upper = |c: u32| char::from_u32(c).map(|c| c.to_uppercase().to_string());
    let mut changed = Vec::new();
    for (at, &old) in text.iter().enumerate() {
        for &new in characters.iter().filter(|&&new| new != old && upper(new) == upper(old)) {
            let mut text = text.clone();
            text[at] = new;
            changed.push(Subject { text: Text::Str(text), ..subject.clone() });
        }
    }
    changed
}

sre_test_support::tests! { changes_of_meaning_have_witnesses_and_others_match_alike }
