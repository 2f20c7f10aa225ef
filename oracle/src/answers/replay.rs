//! Checking our compiler against the answers.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::{Answer, Answers, Brief, answers_file};
use crate::case::Case;
use crate::corpus;
use crate::divergence::{Divergence, Verdict, judge};
use crate::known::Known;
use crate::ours::Ours;
use crate::outcome::Oracle;

/// What a replay found.
#[derive(Clone, Debug, Default)]
pub struct Replayed {
    /// How many cases there were.
    pub cases: u64,
    /// How many answers were compared with.
    pub answers: u64,
    /// How many of them we differ from as is known.
    pub known: BTreeMap<Known, u64>,
    /// Where else we differ.
    pub mismatches: Vec<Mismatch>,
    /// The case files without any answer, or with answers to what was in them before.
    pub unrecorded: Vec<PathBuf>,
}

/// An answer that is not ours.
#[derive(Clone, Debug)]
pub enum Mismatch {
    /// The outcomes differ.
    Divergence {
        /// The case file.
        file: PathBuf,
        /// How.
        divergence: Box<Divergence>,
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

/// Checks our compiler against the answers for these case files of the corpus at `root`.
///
/// # Errors
/// If a file cannot be read.
pub fn replay(root: &Path, files: &[PathBuf]) -> io::Result<Replayed> {
    let mut replayed = Replayed::default();
    let mut folders: BTreeMap<PathBuf, Answers> = BTreeMap::new();
    for file in files {
        let folder = file.parent().unwrap_or(root).to_owned();
        let answers = match folders.get(&folder) {
            Some(answers) => answers,
            None => {
                let answers = Answers::read(&answers_file(root, &folder))?;
                folders.entry(folder).or_insert(answers)
            }
        };
        let case = corpus::read(file)?;
        replayed.cases += 1;
        let name = file.file_name().and_then(|name| name.to_str());
        let recorded = name.and_then(|name| answers.cases.get(name)).filter(|recorded| recorded.case == case);
        let Some(recorded) = recorded else {
            replayed.unrecorded.push(file.clone());
            continue;
        };
        for (python, answer) in answers.pythons.iter().zip(&recorded.answers) {
            let (Some(answer), Ok(dialect)) = (answer, python.dialect()) else { continue };
            let mut ours = Ours::new(dialect);
            ours.set_debug(true);
            let outcome = ours.outcome(&case);
            let Some(our_answer) = Answer::new(outcome.clone()) else { continue };
            replayed.answers += 1;
            let hash = |what| Mismatch::Hash {
                file: file.clone(),
                case: case.clone(),
                python: python.label(),
                what,
            };
            if our_answer == *answer {
                continue;
            }
            match &answer.outcome {
                Brief::Outcome(theirs) => match judge(&case, python, dialect, &outcome, theirs) {
                    Verdict::Known(known) => *replayed.known.entry(known).or_default() += 1,
                    Verdict::Different(divergence) => {
                        replayed.mismatches.push(Mismatch::Divergence { file: file.clone(), divergence });
                    }
                    Verdict::Same | Verdict::Lost { .. } if our_answer.debug == answer.debug => {}
                    Verdict::Same | Verdict::Lost { .. } => {
                        replayed.mismatches.push(hash("the texts of re.DEBUG"));
                    }
                },
                theirs if our_answer.outcome != *theirs => replayed.mismatches.push(hash("the outcome")),
                _ => replayed.mismatches.push(hash("the texts of re.DEBUG")),
            }
        }
    }
    Ok(replayed)
}
