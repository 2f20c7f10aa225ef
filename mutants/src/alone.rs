//! Trying mutants one by one, each with a build of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use indicatif::ProgressBar;

use crate::run::Work;
use crate::state::State;
use crate::tree::{Built, CompileError, Tree};
use crate::trial::{Limits, Outcome, trial};

/// Sorts out the mutants that do not compile, and returns the others. Checks one mutant of each
/// function at a time, so that an error in a function is due to its mutant.
fn sort_out(
    work: Work<'_>,
    tree: &Tree,
    wanted: &[usize],
    state: &mut State,
    bar: &ProgressBar,
) -> Result<Vec<usize>> {
    let mut viable: Vec<usize> =
        wanted.iter().copied().filter(|&index| work.mutants[index].function.is_none()).collect();
    let mut left: Vec<usize> =
        wanted.iter().copied().filter(|&index| work.mutants[index].function.is_some()).collect();
    while !left.is_empty() {
        let mut functions = BTreeSet::new();
        let is_first = |&index: &usize| {
            let start = work.mutants[index].function.map(|span| span.start.line);
            functions.insert((&work.mutants[index].file, start))
        };
        let round: Vec<usize> = left.iter().copied().filter(is_first).collect();
        left.retain(|index| !round.contains(index));
        let mut files: BTreeMap<&Path, Vec<usize>> = BTreeMap::new();
        round.iter().for_each(|&index| files.entry(&work.mutants[index].file).or_default().push(index));
        // The lines of each function in its changed file.
        let mut lines = Vec::new();
        for (file, indices) in &mut files {
            let mut source = work.source(file)?;
            // From the last to the first, so that places remain valid. A function within another one
            // waits for the next round.
            indices.sort_by_key(|&index| work.mutants[index].span.start.line);
            let mut after = usize::MAX;
            for &index in indices.iter().rev() {
                let Some(function) = work.mutants[index].function.filter(|span| span.end.line < after) else {
                    left.push(index);
                    continue;
                };
                after = function.start.line;
                let changed = work.mutants[index].apply(&source);
                let changed =
                    changed.with_context(|| format!("cannot be applied: {}", work.mutants[index].place))?;
                let grown = changed.lines().count() as isize - source.lines().count() as isize;
                for (other, _, start, end) in &mut lines {
                    if other == file {
                        *start += grown;
                        *end += grown;
                    }
                }
                lines.push((*file, index, function.start.line as isize, function.end.line as isize + grown));
                source = changed;
            }
            tree.write(file, source.as_bytes())?;
        }
        let errors = tree.check()?;
        for (file, index, start, end) in lines {
            let is_in =
                |error: &CompileError| error.file == file && (start..=end).contains(&(error.line as isize));
            if errors.iter().any(is_in) {
                state.set(&work.mutants[index], Outcome::Unviable);
                bar.inc(1);
            } else {
                viable.push(index);
            }
        }
        for file in files.keys() {
            tree.write(file, work.source(file)?.as_bytes())?;
        }
        state.write()?;
    }
    Ok(viable)
}

/// Tries the mutants that cannot be part of the schema.
pub(crate) fn try_alone(
    work: Work<'_>,
    limits: Limits,
    wanted: &[usize],
    state: &mut State,
    bar: &ProgressBar,
) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let tree = work.tree("draft", "0", &BTreeSet::new())?;
    let viable = sort_out(work, &tree, wanted, state, bar)?;
    for index in viable {
        let mutant = &work.mutants[index];
        let source = work.source(&mutant.file)?;
        let changed =
            mutant.apply(&source).with_context(|| format!("cannot be applied: {}", mutant.place))?;
        tree.write(&mutant.file, changed.as_bytes())?;
        let outcome = match tree.build()? {
            Built::Program(program) => trial(&program, &[&work.corpus()], 0, limits)?,
            Built::Errors(_) => Outcome::Unviable,
        };
        tree.write(&mutant.file, source.as_bytes())?;
        state.set(mutant, outcome);
        state.write()?;
        bar.inc(1);
    }
    Ok(())
}
