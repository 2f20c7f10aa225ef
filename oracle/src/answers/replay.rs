//! Checking sre-compiler against the recorded answers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use sre_case::wire::InterpreterInfo;
use sre_case::{Case, Oracle, Outcome, corpus};
use sre_compiler::Dialect;
use sre_support::visible::Shown;

use super::{Answer, Answers, OutcomeOrHash, answers_file};
use crate::divergence::{Divergence, Verdict, compare};
use crate::known::Known;
use crate::report::Report;
use crate::rust_compiler::RustCompiler;

/// The result of a replay.
#[derive(Clone, Debug, Default)]
pub struct Replayed {
    /// Number of cases.
    pub cases: u64,
    /// Number of answers that were compared.
    pub answers: u64,
    /// Number of known divergences.
    pub known: BTreeMap<Known, u64>,
    /// All other differences.
    pub mismatches: Vec<Mismatch>,
    /// The case files without an answer, or whose answers are for other contents.
    pub unrecorded: Vec<PathBuf>,
}

/// A recorded answer from which the outcome of sre-compiler differs.
#[derive(Clone, Debug)]
pub enum Mismatch {
    /// The outcomes differ.
    Divergence {
        /// The case file.
        file: PathBuf,
        /// The difference.
        divergence: Box<Divergence>,
    },
    /// sre-compiler has no dialect for the version that answered.
    NoDialect {
        /// The case file.
        file: PathBuf,
        /// The version.
        python: String,
    },
    /// A hash differs.
    Hash {
        /// The case file.
        file: PathBuf,
        /// The case.
        case: Case,
        /// The version that answered.
        python: String,
        /// What the hash is of.
        what: &'static str,
    },
}

/// Names the case file, the interpreter and what differs, on several lines.
impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mismatch::Divergence { file, divergence } => {
                let report = Report { divergence, program: "sre", recorded: Some(file) };
                write!(f, "{}\n{report}", file.shown())
            }
            Mismatch::NoDialect { file, python } => {
                writeln!(f, "{}\n  recorded from {}, which has no dialect", file.shown(), python.shown())
            }
            Mismatch::Hash { file, case, python, what } => {
                writeln!(f, "{}\n{}", file.shown(), case.excerpt())?;
                writeln!(f, "  {what}: not as recorded from {}", python.shown())
            }
        }
    }
}

/// Checks sre-compiler against the recorded answers for these case files of the corpus at `root`.
/// Stops after the case that brings the number of mismatches to `most`. Each case is compiled by a
/// new compiler, and by one that has compiled all cases before it.
///
/// # Errors
/// If a file cannot be read.
pub fn replay(root: &Path, files: &[PathBuf], most: usize) -> io::Result<Replayed> {
    let mut replayed = Replayed::default();
    let mut folders: BTreeMap<PathBuf, Answers> = BTreeMap::new();
    let mut warm = RustCompiler::new(Dialect::default());
    warm.set_debug(true);
    for file in files {
        if replayed.mismatches.len() >= most {
            break;
        }
        let folder = file.parent().unwrap_or(root).to_owned();
        let answers = match folders.get(&folder) {
            Some(answers) => answers,
            None => {
                let answers = Answers::read(&answers_file(root, &folder))?;
                folders.entry(folder).or_insert(answers)
            }
        };
        let case = corpus::read(file)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.shown())))?;
        replayed.cases += 1;
        let name = file.file_name().and_then(|name| name.to_str());
        let recorded = name.and_then(|name| answers.cases.get(name)).filter(|recorded| recorded.case == case);
        let Some(recorded) = recorded else {
            replayed.unrecorded.push(file.clone());
            continue;
        };
        for (python, answer) in answers.pythons.iter().zip(&recorded.answers) {
            let Some(answer) = answer else { continue };
            let Ok(dialect) = python.dialect() else {
                replayed.mismatches.push(Mismatch::NoDialect { file: file.clone(), python: python.label() });
                continue;
            };
            replayed.answers += 1;
            // Not both at once, since a huge case takes much memory in each.
            let fresh = || {
                let mut fresh = RustCompiler::new(dialect);
                fresh.set_debug(true);
                fresh.outcome(&case)
            };
            let differs = |rust| differs(file, &case, python, dialect, rust, answer);
            let difference = differs(fresh()).or_else(|| {
                warm.set_dialect(dialect);
                differs(warm.outcome(&case))
            });
            match difference {
                None => {}
                Some(Difference::Known(known)) => *replayed.known.entry(known).or_default() += 1,
                Some(Difference::Mismatch(mismatch)) => replayed.mismatches.push(mismatch),
            }
        }
    }
    Ok(replayed)
}

/// How an outcome differs from an answer.
enum Difference {
    Known(Known),
    Mismatch(Mismatch),
}

fn differs(
    file: &Path,
    case: &Case,
    python: &InterpreterInfo,
    dialect: Dialect,
    rust: Outcome,
    answer: &Answer,
) -> Option<Difference> {
    let rust_answer = Answer::new(rust.clone())?;
    if rust_answer == *answer {
        return None;
    }
    let hash = |what| {
        let (file, case, python) = (file.to_owned(), case.clone(), python.label());
        Some(Difference::Mismatch(Mismatch::Hash { file, case, python, what }))
    };
    match &answer.outcome {
        OutcomeOrHash::Outcome(cpython) => match compare(case, python, dialect, &rust, cpython) {
            Verdict::Known(known) => Some(Difference::Known(known)),
            Verdict::Divergent(divergence) => {
                Some(Difference::Mismatch(Mismatch::Divergence { file: file.to_owned(), divergence }))
            }
            // A build that cannot tell what others accept has no texts.
            Verdict::Equal | Verdict::NoAnswer { .. }
                if answer.debug.is_none() || rust_answer.debug == answer.debug =>
            {
                None
            }
            Verdict::Equal | Verdict::NoAnswer { .. } => hash("the texts of re.DEBUG"),
        },
        cpython if rust_answer.outcome != *cpython => hash("the outcome"),
        _ => hash("the texts of re.DEBUG"),
    }
}
