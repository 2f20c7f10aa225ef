//! How many causes the divergences of an injected bug have, and those of two bugs at once.
//!
//! The arguments are the number of generated cases, `outcomes` built without a bug, and `outcomes` built
//! with a bug, each as NAME=PROGRAM. The first program stands for CPython, since both give the same outcomes.
//! `cargo xtask bug-bench --causes` builds the programs.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;

use sre_case::wire::InterpreterInfo;
use sre_case::{Case, Outcome, corpus, wire};
use sre_compiler::Dialect;
use sre_generate::Generator;
use sre_oracle::{Candidates, Cause, Divergence, Verdict, compare, cover};
use sre_support::{count, grouped};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The divergences of each signature: their number, and the candidates of the smallest.
type Items = Vec<(u64, Candidates<Cause>)>;

/// A running program.
struct Program {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Program {
    fn start(path: &str, version: &str) -> Result<Program> {
        let mut command = Command::new(path);
        let mut child = command.arg(version).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = BufReader::new(child.stdout.take().ok_or("no standard output")?);
        Ok(Program { input: child.stdin.take(), child, output })
    }

    fn outcomes(mut self, cases: &[Case], debug: bool) -> Result<Vec<Outcome>> {
        let mut requests = Vec::new();
        for case in cases {
            wire::write_request(&mut requests, case, debug);
            requests.push(b'\n');
        }
        let mut input = self.input.take().ok_or("no standard input")?;
        let writer = thread::spawn(move || input.write_all(&requests));
        let lines = self.output.lines();
        let outcomes = lines.map(|line| Ok(wire::parse_outcome(line?.as_bytes())?)).collect::<Result<_>>();
        let _ = writer.join();
        self.child.wait()?;
        outcomes
    }
}

/// A version whose CPython the first program stands for.
fn interpreter(version: (u32, u32, u32), dialect: Dialect) -> InterpreterInfo {
    let (level, implementation) = ("final".to_owned(), "cpython".to_owned());
    let unidata = if version.1 == 10 { "13.0.0" } else { "14.0.0" }.to_owned();
    let magic = dialect.magic();
    InterpreterInfo { version, level, magic, unidata, implementation, digits: Some(4300) }
}

/// The cases, and the outcomes of the program without a bug.
struct Reference {
    info: InterpreterInfo,
    dialect: Dialect,
    sound: String,
    outcomes: Vec<Outcome>,
}

impl Reference {
    fn new(version: (u32, u32, u32), sound: &str, cases: &[Case]) -> Result<Reference> {
        let dialect: Dialect = format!("{}.{}.{}", version.0, version.1, version.2).parse()?;
        let outcomes = Program::start(sound, &dialect.to_string())?.outcomes(cases, false)?;
        Ok(Reference { info: interpreter(version, dialect), dialect, sound: sound.to_owned(), outcomes })
    }

    fn divergence(&self, case: &Case, outcomes: [&Outcome; 2]) -> Option<Box<Divergence>> {
        match compare(case, &self.info, self.dialect, outcomes[0], outcomes[1]) {
            Verdict::Divergent(divergence) => Some(divergence),
            _ => None,
        }
    }

    /// Compares a program with a bug.
    fn compare(&self, program: &str, cases: &[Case]) -> Result<Items> {
        let version = self.dialect.to_string();
        let outcomes = Program::start(program, &version)?.outcomes(cases, false)?;
        let mut found: BTreeMap<String, (u64, Box<Divergence>)> = BTreeMap::new();
        for ((case, outcome), sound) in cases.iter().zip(&outcomes).zip(&self.outcomes) {
            let Some(divergence) = self.divergence(case, [outcome, sound]) else { continue };
            let (times, smallest) =
                found.entry(divergence.signature.clone()).or_insert_with(|| (0, divergence.clone()));
            *times += 1;
            if case.len() < smallest.case.len() {
                *smallest = divergence;
            }
        }
        // Causes are the most accurate with the texts of `re.DEBUG`.
        let smallest: Vec<Case> = found.values().map(|(_, divergence)| divergence.case.clone()).collect();
        let outcomes = Program::start(program, &version)?.outcomes(&smallest, true)?;
        let sound = Program::start(&self.sound, &version)?.outcomes(&smallest, true)?;
        let full = smallest.iter().zip(outcomes.iter().zip(&sound));
        let full = full.map(|(case, (outcome, sound))| self.divergence(case, [outcome, sound]));
        Ok(found
            .into_values()
            .zip(full)
            .map(|((times, short), full)| (times, Cause::candidates(full.as_deref().unwrap_or(&short))))
            .collect())
    }
}

fn causes(items: &Items) -> BTreeMap<Cause, u64> {
    let mut causes = BTreeMap::new();
    for ((times, _), cause) in items.iter().zip(cover(items)) {
        cause.into_iter().for_each(|cause| *causes.entry(*cause).or_default() += times);
    }
    causes
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let generated: usize = arguments.next().ok_or("the number of generated cases is missing")?.parse()?;
    let sound = arguments.next().ok_or("the program without a bug is missing")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    let seeds =
        corpus::files(&root)?.iter().map(|file| corpus::read(file)).collect::<io::Result<Vec<Case>>>()?;
    let mut generator = Generator::new(5).with_samples(seeds.clone());
    let mut cases = seeds;
    cases.extend((0..generated).map(|_| generator.case()));
    cases.retain(|case| case.len() < 2000);
    let newer = Reference::new((3, 11, 7), &sound, &cases)?;
    // Some bugs only show in earlier versions.
    let older = Reference::new((3, 10, 13), &sound, &cases)?;
    println!(
        "{}\n\n{:35} {:>11} {:>10} {:>6}",
        count(cases.len(), "case"),
        "bug",
        "divergences",
        "signatures",
        "causes"
    );
    let mut all: Vec<Items> = Vec::new();
    for argument in arguments {
        let (name, program) = argument.split_once('=').ok_or("a bug is given as NAME=PROGRAM")?;
        let mut items = newer.compare(program, &cases)?;
        if items.is_empty() {
            items = older.compare(program, &cases)?;
        }
        let causes = causes(&items);
        let divergences: u64 = causes.values().sum();
        let (signatures, number) = (items.len(), causes.len());
        println!("{name:35} {:>11} {signatures:10} {number:6}", grouped(divergences));
        if number > 1 {
            for (cause, times) in causes {
                println!("    {:>7} {}", grouped(times), cause.text(newer.dialect));
            }
        }
        all.push(items);
    }
    all.retain(|items| !items.is_empty());
    let mut counts: Vec<usize> = all.iter().map(|items| causes(items).len()).collect();
    counts.sort_unstable();
    let Some(median) = counts.get(counts.len() / 2) else { return Ok(()) };
    let most = counts.last().copied().unwrap_or_default();
    println!("\n{} bugs with divergences: {median} causes in the median, at most {most}", counts.len());
    let (mut pairs, mut apart) = (0, 0);
    for (n, one) in all.iter().enumerate() {
        for other in &all[..n] {
            let alone = [one, other].map(|items| causes(items).into_keys().collect::<BTreeSet<_>>());
            if !alone[0].is_disjoint(&alone[1]) {
                continue;
            }
            pairs += 1;
            let both: Items = one.iter().chain(other).cloned().collect();
            apart += usize::from(causes(&both).len() > 1);
        }
    }
    let pairs = count(pairs, "pair");
    println!(
        "two bugs without a common cause, at once: {pairs}, {} with more than one cause",
        grouped(apart)
    );
    Ok(())
}
