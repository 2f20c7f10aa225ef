//! The normal form of code: code that matches the same, whichever way it is written, has the same form.

use sre_compiler::{Dialect, Op, Program};

use super::empty;
use super::set::{Builder, Fold, Set};

/// Code as a flat list of items. `Open` and `Close` enclose nested items.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Form {
    pub items: Vec<Item>,
}

/// A part of a pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Item {
    /// Matches one character of a set.
    Set(Set),
    /// Matches nothing.
    Failure,
    /// An anchor, the mark of a group or a reference to one.
    Single(Op, u32),
    /// `\B`, which matches in an empty text since 3.14. That is noted where the pattern then matches
    /// such a text differently.
    NonBoundary {
        word: u32,
        fails_in_empty_text: bool,
    },
    /// Begins a repeat, an assertion, an atomic group, a branch or a conditional, with its arguments.
    Open(Op, [u32; 2]),
    /// Begins the next alternative, or the second part of a conditional.
    Or,
    Close,
    /// Code that could not be read. The compiler never writes any.
    Words(Vec<u32>),
}

impl Item {
    /// Returns whether it begins a repeat whose greatest count is 0.
    fn is_never_repeated(&self) -> bool {
        let Item::Open(op, [_, 0]) = self else { return false };
        !matches!(op, Op::ASSERT | Op::ASSERT_NOT | Op::ATOMIC_GROUP | Op::GROUPREF_EXISTS | Op::BRANCH)
    }
}

/// A construct whose words are being read.
struct Frame {
    kind: Kind,
    /// The index after its last word, and the index at which reading continues.
    end: usize,
    resume: usize,
    /// The number of items before it, or before its current alternative.
    start: usize,
    /// Whether it, or its current alternative, cannot match.
    fails: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Whole,
    Branch { has_alternatives: bool },
    NegativeAssertion,
    Other,
}

struct Reader<'p> {
    code: &'p [u32],
    dialect: Dialect,
    items: Vec<Item>,
    frames: Vec<Frame>,
}

impl Form {
    pub(super) fn new(program: &Program) -> Form {
        let (code, dialect) = (program.code(), program.dialect());
        let mut reader = Reader { code, dialect, items: Vec::new(), frames: Vec::new() };
        match reader.read() {
            Some(()) => {
                let mut items = reader.items;
                if dialect.min_version() < (3, 14, 0) && empty::depends_on_non_boundaries(&items) {
                    for item in &mut items {
                        if let Item::NonBoundary { fails_in_empty_text, .. } = item {
                            *fails_in_empty_text = true;
                        }
                    }
                }
                Form { items }
            }
            None => Form { items: vec![Item::Words(code.to_vec())] },
        }
    }
}

/// The arguments of `AT` for `\B`, in each kind of pattern.
const NON_BOUNDARIES: [u32; 3] = [4, 9, 11];

impl Reader<'_> {
    fn read(&mut self) -> Option<()> {
        let end = self.code.len().checked_sub(1)?;
        self.frames.push(Frame { kind: Kind::Whole, end, resume: end, start: 0, fails: false });
        let mut at = 0;
        while let Some(frame) = self.frames.last() {
            at = if at < frame.end { self.instruction(at)? } else { self.close()? };
        }
        Some(())
    }

    fn word(&self, at: usize) -> Option<u32> {
        self.code.get(at).copied()
    }

    /// Returns the index that the skip at `at` leads to.
    fn target(&self, at: usize) -> Option<usize> {
        at.checked_add(self.word(at)? as usize).filter(|&target| target <= self.code.len())
    }

    /// Reads an instruction. Returns the index of the next one.
    fn instruction(&mut self, at: usize) -> Option<usize> {
        let op = self.dialect.op(self.word(at)?)?;
        let i = at + 1;
        let (negated, fold) = match op {
            Op::LITERAL => (false, Fold::None),
            Op::NOT_LITERAL => (true, Fold::None),
            Op::LITERAL_IGNORE => (false, Fold::Ascii),
            Op::NOT_LITERAL_IGNORE => (true, Fold::Ascii),
            Op::LITERAL_UNI_IGNORE => (false, Fold::Unicode),
            Op::NOT_LITERAL_UNI_IGNORE => (true, Fold::Unicode),
            Op::LITERAL_LOC_IGNORE => (false, Fold::Locale),
            Op::NOT_LITERAL_LOC_IGNORE => (true, Fold::Locale),
            // Bare since 3.16.
            Op::CATEGORY => {
                let mut builder = Builder::default();
                builder.add_category(self.word(i)?)?;
                self.push_set(builder, Fold::None);
                return Some(i + 1);
            }
            Op::IN => return self.set(i, Fold::None),
            Op::IN_IGNORE => return self.set(i, Fold::Ascii),
            Op::IN_UNI_IGNORE => return self.set(i, Fold::Unicode),
            Op::IN_LOC_IGNORE => return self.set(i, Fold::Locale),
            op => return self.other(op, at),
        };
        let c = self.word(i)?;
        self.push_set(Builder::of(c, c, negated), fold);
        Some(i + 1)
    }

    fn other(&mut self, op: Op, at: usize) -> Option<usize> {
        let i = at + 1;
        match op {
            Op::FAILURE => {
                self.fail();
                Some(i)
            }
            Op::ANY => {
                self.push_set(Builder::of('\n'.into(), '\n'.into(), true), Fold::None);
                Some(i)
            }
            Op::ANY_ALL => {
                self.items.push(Item::Set(Set::all()));
                Some(i)
            }
            // The info block only makes searching faster.
            Op::INFO => self.target(i),
            Op::AT if NON_BOUNDARIES.contains(&self.word(i)?) => {
                self.items.push(Item::NonBoundary { word: self.word(i)?, fails_in_empty_text: false });
                Some(i + 1)
            }
            Op::AT
            | Op::MARK
            | Op::GROUPREF
            | Op::GROUPREF_IGNORE
            | Op::GROUPREF_LOC_IGNORE
            | Op::GROUPREF_UNI_IGNORE => {
                self.items.push(Item::Single(op, self.word(i)?));
                Some(i + 1)
            }
            Op::REPEAT_ONE | Op::MIN_REPEAT_ONE | Op::POSSESSIVE_REPEAT_ONE => {
                let to = self.target(i)?;
                self.open(op, [i + 1, i + 2], i + 3, to.checked_sub(1)?, to)
            }
            Op::POSSESSIVE_REPEAT => {
                let to = self.target(i)?;
                self.open(op, [i + 1, i + 2], i + 3, to, to + 1)
            }
            Op::REPEAT => {
                let to = self.target(i)?;
                let until = self.dialect.op(self.word(to)?)?;
                self.open(until, [i + 1, i + 2], i + 3, to, to + 1)
            }
            Op::ASSERT | Op::ASSERT_NOT => {
                let to = self.target(i)?;
                self.open(op, [i + 1, i + 1], i + 2, to.checked_sub(1)?, to)
            }
            Op::ATOMIC_GROUP => {
                let to = self.target(i)?;
                self.open(op, [i, i], i + 1, to.checked_sub(1)?, to)?;
                // The skip is not an argument.
                *self.items.last_mut()? = Item::Open(op, [0, 0]);
                Some(i + 1)
            }
            Op::BRANCH => {
                let to = self.target(i)?;
                self.items.push(Item::Open(op, [0, 0]));
                self.frames.push(Frame {
                    kind: Kind::Branch { has_alternatives: false },
                    end: to.checked_sub(2)?,
                    resume: to,
                    start: self.items.len(),
                    fails: false,
                });
                Some(i + 1)
            }
            Op::GROUPREF_EXISTS => {
                // This skip counts from the word before it.
                let to = self.target(i + 1)?.checked_sub(1)?;
                self.open(op, [i, i], i + 2, to, to)
            }
            Op::JUMP => {
                let frame = self.frames.last().filter(|frame| frame.end == i + 1)?;
                if frame.fails {
                    self.items.truncate(frame.start);
                    self.items.push(Item::Failure);
                }
                self.items.push(Item::Or);
                let (start, end) = (self.items.len(), self.target(i)?);
                let frame = self.frames.last_mut()?;
                *frame = Frame { end, resume: end, start, fails: false, ..*frame };
                Some(i + 1)
            }
            _ => None,
        }
    }

    /// Begins a construct that has two words as arguments and encloses the words from `at` to `end`.
    fn open(&mut self, op: Op, words: [usize; 2], at: usize, end: usize, resume: usize) -> Option<usize> {
        (at <= end).then_some(())?;
        self.items.push(Item::Open(op, [self.word(words[0])?, self.word(words[1])?]));
        let kind = if op == Op::ASSERT_NOT { Kind::NegativeAssertion } else { Kind::Other };
        self.frames.push(Frame { kind, end, resume, start: self.items.len(), fails: false });
        Some(at)
    }

    /// Ends the innermost construct, or begins its next alternative. Returns the index of the next
    /// word.
    fn close(&mut self) -> Option<usize> {
        let frame = self.frames.last_mut()?;
        let (start, resume) = (frame.start, frame.resume);
        if let Kind::Branch { has_alternatives } = &mut frame.kind {
            // An alternative that cannot match is dropped, with the separator before it.
            let dropped = std::mem::take(&mut frame.fails);
            *has_alternatives |= !dropped;
            let any = *has_alternatives;
            let skip = *self.code.get(resume)? as usize;
            if dropped {
                self.items.truncate(start);
            }
            if skip > 0 {
                if any && !dropped {
                    self.items.push(Item::Or);
                }
                let to = resume.checked_add(skip).filter(|&to| to <= self.code.len())?;
                let start = self.items.len();
                let frame = self.frames.last_mut()?;
                *frame = Frame { end: to.checked_sub(2)?, resume: to, start, ..*frame };
                return Some(resume + 1);
            }
            self.frames.pop();
            if any {
                if self.items.last() == Some(&Item::Or) && dropped {
                    self.items.pop();
                }
                self.items.push(Item::Close);
            } else {
                self.fail();
            }
            return Some(resume + 1);
        }
        let frame = self.frames.pop()?;
        if frame.fails {
            self.items.truncate(start);
            self.items.push(Item::Failure);
        }
        match frame.kind {
            Kind::Whole => {}
            // A negative assertion of nothing cannot match.
            Kind::NegativeAssertion if self.items.len() == start => {
                self.items.pop();
                self.fail();
            }
            _ if start > 0 && self.items[start - 1].is_never_repeated() => self.items.truncate(start - 1),
            _ => self.items.push(Item::Close),
        }
        Some(resume)
    }

    /// Notes that the innermost construct cannot match.
    fn fail(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.fails = true;
        }
    }

    fn push_set(&mut self, set: Builder, fold: Fold) {
        let set = set.finish(fold, self.dialect.unicode());
        if set.is_empty() {
            self.fail();
        } else {
            self.items.push(Item::Set(set));
        }
    }

    /// Reads a set whose skip is at `at`.
    ///
    /// CPython: `Modules/_sre/sre_lib.h`, `SRE(charset)`
    fn set(&mut self, at: usize, fold: Fold) -> Option<usize> {
        let to = self.target(at)?;
        let mut builder = Builder::default();
        let mut at = at + 1;
        loop {
            let op = self.dialect.op(self.word(at)?)?;
            let i = at + 1;
            at = match op {
                Op::FAILURE => break,
                Op::NEGATE if builder.negate() => i,
                Op::LITERAL => {
                    builder.add(self.word(i)?, self.word(i)?);
                    i + 1
                }
                Op::RANGE => {
                    builder.add(self.word(i)?, self.word(i + 1)?);
                    i + 2
                }
                Op::RANGE_UNI_IGNORE => {
                    builder.add_in_both_cases(self.word(i)?, self.word(i + 1)?);
                    i + 2
                }
                Op::CATEGORY => {
                    builder.add_category(self.word(i)?)?;
                    i + 1
                }
                Op::CHARSET => {
                    builder.add_bitmap(0, self.code.get(i..i + BLOCK_WORDS)?);
                    i + BLOCK_WORDS
                }
                Op::BIGCHARSET => self.blocks(i, &mut builder)?,
                _ => return None,
            };
        }
        self.push_set(builder, fold);
        Some(to)
    }

    /// Reads a BIGCHARSET: the number of blocks, an index of a block for each 256 characters, and
    /// the blocks.
    fn blocks(&self, at: usize, builder: &mut Builder) -> Option<usize> {
        let count = self.word(at)? as usize;
        let numbers = self.code.get(at + 1..at + 1 + NUMBER_WORDS)?;
        let blocks = at + 1 + NUMBER_WORDS;
        for (n, number) in numbers.iter().flat_map(|word| word.to_le_bytes()).enumerate() {
            let block = blocks + usize::from(number) * BLOCK_WORDS;
            builder.add_bitmap(n as u32 * 256, self.code.get(block..block + BLOCK_WORDS)?);
        }
        Some(blocks + count * BLOCK_WORDS)
    }
}

/// The number of words of a bitmap of 256 characters.
const BLOCK_WORDS: usize = 8;
/// The number of words that hold the indices of blocks, a byte each.
const NUMBER_WORDS: usize = 64;
