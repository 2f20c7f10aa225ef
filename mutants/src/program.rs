//! Building the schema, the program that contains most mutants.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use sre_support::atomic_file;
use sre_support::visible::Shown;

use crate::mutant::Mutant;
use crate::run::{Work, number};
use crate::tree::{Built, CompileError, Tree};
use crate::{schema, state};

/// The mutants that cannot be part of the schema, and the functions that must remain `const`. They are
/// found by trying, and stored for the same source and mutants.
#[derive(Default, Serialize, Deserialize)]
struct Refused {
    of: u64,
    /// The numbers of mutants that do not compile with a switch.
    mutants: BTreeSet<u32>,
    /// Functions that must remain `const`.
    functions: BTreeSet<String>,
}

impl Refused {
    fn read(file: &Path, of: u64) -> Refused {
        let text = fs::read(file).unwrap_or_default();
        let read = serde_json::from_slice(&text).ok().filter(|refused: &Refused| refused.of == of);
        read.unwrap_or(Refused { of, ..Refused::default() })
    }

    /// Adds the mutants and functions that cause compile errors. Returns whether there are any.
    fn blame(&mut self, errors: &[CompileError], schema: &Rewritten) -> bool {
        let before = (self.mutants.len(), self.functions.len());
        for error in errors {
            if let Some(function) = needed_function(&error.text) {
                self.functions.insert(function);
            } else if let Some(text) = schema.files.get(&error.file) {
                let mutant = schema::mutant_at(text, error.offset).filter(|n| schema.placed.contains(n));
                self.mutants.extend(mutant);
            }
        }
        (self.mutants.len(), self.functions.len()) != before
    }
}

/// The files of a schema, and the numbers of its mutants.
struct Rewritten {
    files: BTreeMap<PathBuf, String>,
    placed: BTreeSet<u32>,
}

impl Rewritten {
    fn new(work: Work<'_>, refused: &Refused) -> Result<Rewritten> {
        let mut mutants: BTreeMap<&Path, Vec<(u32, &Mutant)>> = BTreeMap::new();
        for (index, mutant) in work.mutants.iter().enumerate() {
            let wanted = mutants.entry(&mutant.file).or_default();
            if !refused.mutants.contains(&number(index)) {
                wanted.push((number(index), mutant));
            }
        }
        let mut schema = Rewritten { files: BTreeMap::new(), placed: BTreeSet::new() };
        for (file, mutants) in mutants {
            let rewritten = schema::rewrite(&work.source(file)?, &mutants, &refused.functions);
            let (text, placed) = rewritten.with_context(|| file.shown().to_string())?;
            schema.files.insert(file.to_owned(), text);
            schema.placed.extend(placed);
        }
        Ok(schema)
    }

    fn write(&self, tree: &Tree) -> Result<()> {
        self.files.iter().try_for_each(|(file, text)| tree.write(file, text.as_bytes()))
    }
}

/// Builds the schema. Returns the program and the numbers of its mutants.
pub(crate) fn build(work: Work<'_>) -> Result<(PathBuf, BTreeSet<u32>)> {
    let known = work.folder.join("schema.json");
    let mut refused = Refused::read(&known, state::fingerprint(work.root, work.mutants)?);
    // Errors are searched for by a check, which is faster than a build.
    let draft = work.tree("draft", "0", &BTreeSet::new())?;
    loop {
        let schema = Rewritten::new(work, &refused)?;
        schema.write(&draft)?;
        let mut errors = draft.check()?;
        if errors.is_empty() {
            let own: BTreeSet<&Path> = schema.files.keys().map(PathBuf::as_path).collect();
            let tree = work.tree("schema", "2", &own)?;
            schema.write(&tree)?;
            errors = match tree.build()? {
                Built::Errors(errors) => errors,
                Built::Program(program) => {
                    atomic_file::write(&known, &serde_json::to_vec(&refused)?).context("the schema")?;
                    let copy = work.folder.join("sre-schema");
                    fs::copy(&program, &copy).with_context(|| program.shown().to_string())?;
                    return Ok((copy, schema.placed));
                }
            };
        }
        ensure!(
            refused.blame(&errors, &schema),
            "the schema does not compile, and no mutant is the cause: {errors:?}"
        );
    }
}

/// Returns the function that must be `const` according to an error.
fn needed_function(error: &str) -> Option<String> {
    let rest = error.strip_prefix("cannot call non-const ")?;
    let path = rest.split('`').nth(1)?;
    path.rsplit("::").next().map(str::to_owned)
}
