//! `sre corpus record --review`: asks of each case whether the change is to be written.

use std::collections::BTreeSet;
use std::io::{self, BufRead, Write};

use anyhow::Result;
use similar::{ChangeTag, TextDiff};
use sre_oracle::answers::{CaseChange, Change};
use sre_support::visible::Shown;

use crate::messages::{BAD, GOOD, LABEL, TITLE, stdout, styled};

/// Limit of characters shown of a line: the code of a pattern may be long.
const WIDTH: usize = 400;

/// What was decided of a change.
pub(crate) struct Reviewed {
    /// What to write: the contents of each file of which a case was accepted.
    pub contents: Vec<Vec<u8>>,
    /// Number of cases that were accepted, and of those that were not.
    pub accepted: usize,
    pub skipped: usize,
}

/// The answer to the question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decision {
    Accept,
    Skip,
    AcceptAll,
    Quit,
}

/// Asks on standard output, and reads the decisions from `input`. Its end is `q`.
pub(crate) fn review(changes: &[Change], input: &mut impl BufRead) -> Result<Reviewed> {
    let mut reviewed = Reviewed { contents: Vec::new(), accepted: 0, skipped: 0 };
    let mut standing = None;
    let total: usize = changes.iter().map(|change| change.cases().len()).sum();
    for change in changes {
        let mut accepted = BTreeSet::new();
        for case in change.cases() {
            let decision = match standing {
                Some(decision) => decision,
                None => {
                    let number = reviewed.accepted + reviewed.skipped + 1;
                    show(&case, &format!("{number} of {total}: {}", change.file.shown()))?;
                    ask(input)?
                }
            };
            if matches!(decision, Decision::AcceptAll | Decision::Quit) {
                standing = Some(decision);
            }
            if matches!(decision, Decision::Accept | Decision::AcceptAll) {
                reviewed.accepted += 1;
                accepted.insert(case.file);
            } else {
                reviewed.skipped += 1;
            }
        }
        reviewed.contents.push(change.with_only(&accepted));
    }
    Ok(reviewed)
}

fn show(case: &CaseChange, place: &str) -> io::Result<()> {
    let mut out = stdout();
    writeln!(out, "\n{}", styled(LABEL, place))?;
    writeln!(out, "{} {}", styled(TITLE, &case.case), case.file.shown())?;
    for change in TextDiff::from_lines(&case.before, &case.after).iter_all_changes() {
        let line: String = change.value().trim_end().chars().take(WIDTH).collect();
        let cut = if change.value().trim_end().chars().count() > WIDTH { "…" } else { "" };
        match change.tag() {
            ChangeTag::Delete => writeln!(out, "{}", styled(BAD, format!("- {line}{cut}")))?,
            ChangeTag::Insert => writeln!(out, "{}", styled(GOOD, format!("+ {line}{cut}")))?,
            ChangeTag::Equal => writeln!(out, "  {line}{cut}")?,
        }
    }
    out.flush()
}

fn ask(input: &mut impl BufRead) -> io::Result<Decision> {
    let mut out = stdout();
    loop {
        write!(out, "accept? [y]es, [n]o, [a]ll that follow, [q]uit: ")?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            writeln!(out)?;
            out.flush()?;
            return Ok(Decision::Quit);
        }
        match line.trim() {
            "y" | "yes" => return Ok(Decision::Accept),
            "n" | "no" => return Ok(Decision::Skip),
            "a" | "all" => return Ok(Decision::AcceptAll),
            "q" | "quit" => return Ok(Decision::Quit),
            _ => {}
        }
    }
}
