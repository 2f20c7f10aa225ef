//! Texts to match a pattern against, made from its tree.
//!
//! Most are texts that the pattern matches, or would without its assertions. Some are changed
//! afterwards, so that they match elsewhere or just fail. All widths in which CPython stores text
//! occur: ASCII, Latin-1, UCS-2 and UCS-4.

mod change;
mod matching;
mod members;
#[cfg(test)]
mod tests;

use arbitrary::Unstructured;
use sre_case::{Case, Text};
use sre_compiler::{Compiler, Dialect, Tree};

use crate::choices::Choices;

/// A text, and the part of it in which to match.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// The text, of the kind of the pattern.
    pub text: Text,
    /// Where to begin, in characters.
    pub pos: usize,
    /// Where to end, in characters.
    pub endpos: usize,
}

/// Limit of the characters of a subject. Matching may take time that grows exponentially with the
/// length.
pub const MAX_LENGTH: usize = 60;

/// Makes subjects; the same ones for the same seed.
///
/// ```
/// use sre_case::Case;
/// use sre_compiler::{Dialect, Flags};
/// use sre_generate::Subjects;
/// let mut subjects = Subjects::new(1);
/// let case = Case::str("a+b", Flags::empty());
/// assert_eq!(subjects.make(&case, Dialect::default(), 10).len(), 10);
/// ```
#[derive(Debug)]
pub struct Subjects {
    random: fastrand::Rng,
    compiler: Compiler,
    bytes: Vec<u8>,
}

/// The bytes that a subject is made of.
const BYTES: usize = 400;

impl Subjects {
    /// Creates a generator.
    pub fn new(seed: u64) -> Subjects {
        let mut compiler = Compiler::new(Dialect::default());
        compiler.record_tree(true);
        Subjects { random: fastrand::Rng::with_seed(seed), compiler, bytes: vec![0; BYTES] }
    }

    /// Makes subjects for a pattern as a dialect reads it: none if the dialect refuses it.
    pub fn make(&mut self, case: &Case, dialect: Dialect, count: usize) -> Vec<Subject> {
        self.compiler.set_dialect(dialect);
        let Ok(program) = self.compiler.compile(case.pattern(), case.flags) else { return Vec::new() };
        let Some(tree) = self.compiler.tree() else { return Vec::new() };
        let pattern = Pattern { tree, flags: program.flags(), is_bytes: case.is_bytes() };
        let mut subjects = Vec::with_capacity(count);
        for _ in 0..count {
            self.random.fill(&mut self.bytes);
            subjects.push(subject(&pattern, &mut Choices(&mut Unstructured::new(&self.bytes))));
        }
        subjects
    }
}

/// Makes a subject from a fuzzer's bytes, for a pattern that `compiler` has just compiled with
/// [`record_tree`](Compiler::record_tree); `flags` are those of the program.
pub fn subject_from(
    u: &mut Unstructured<'_>,
    tree: Tree<'_>,
    flags: sre_compiler::Flags,
    is_bytes: bool,
) -> Subject {
    subject(&Pattern { tree, flags, is_bytes }, &mut Choices(u))
}

/// A pattern, as far as subjects depend on it.
struct Pattern<'t> {
    tree: Tree<'t>,
    flags: sre_compiler::Flags,
    is_bytes: bool,
}

fn subject(pattern: &Pattern<'_>, choices: &mut Choices<'_, '_>) -> Subject {
    let mut text = matching::text(pattern, choices);
    change::change(&mut text, pattern, choices);
    text.truncate(MAX_LENGTH);
    let length = text.len();
    let (mut pos, mut endpos) = (0, length);
    if choices.one_in(6) {
        pos = choices.within(0, length);
        endpos = if choices.one_in(2) { choices.within(pos, length) } else { length };
    }
    let text = if pattern.is_bytes {
        Text::Bytes(text.into_iter().map(|c| c as u8).collect())
    } else {
        Text::Str(text)
    };
    Subject { text, pos, endpos }
}
