//! Opcodes, anchors and categories, with CPython's names and numbers.

use core::fmt;

macro_rules! opcodes {
    ($($name:ident)*) => {
        /// An opcode.
        ///
        /// CPython: `re/_constants.py`, `OPCODES`
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[allow(missing_docs, non_camel_case_types, clippy::upper_case_acronyms)] // CPython's own names
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Op {
            $($name,)*
        }

        /// Every opcode and its name, in the order of their numbers in 3.11 and later.
        const OPCODES: &[(Op, &str)] = &[$((Op::$name, stringify!($name)),)*];
    };
}

opcodes! {
    FAILURE SUCCESS
    ANY ANY_ALL ASSERT ASSERT_NOT AT BRANCH CATEGORY CHARSET BIGCHARSET GROUPREF GROUPREF_EXISTS IN INFO JUMP
    LITERAL MARK MAX_UNTIL MIN_UNTIL NOT_LITERAL NEGATE RANGE REPEAT REPEAT_ONE SUBPATTERN MIN_REPEAT_ONE
    ATOMIC_GROUP POSSESSIVE_REPEAT POSSESSIVE_REPEAT_ONE
    GROUPREF_IGNORE IN_IGNORE LITERAL_IGNORE NOT_LITERAL_IGNORE
    GROUPREF_LOC_IGNORE IN_LOC_IGNORE LITERAL_LOC_IGNORE NOT_LITERAL_LOC_IGNORE
    GROUPREF_UNI_IGNORE IN_UNI_IGNORE LITERAL_UNI_IGNORE NOT_LITERAL_UNI_IGNORE
    RANGE_UNI_IGNORE
}

/// The number of each opcode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Numbering([u8; OPCODES.len()]);

impl Op {
    /// Returns whether the only argument is a character.
    pub(crate) fn is_literal(self) -> bool {
        matches!(
            self,
            Op::LITERAL
                | Op::NOT_LITERAL
                | Op::LITERAL_IGNORE
                | Op::NOT_LITERAL_IGNORE
                | Op::LITERAL_UNI_IGNORE
                | Op::NOT_LITERAL_UNI_IGNORE
                | Op::LITERAL_LOC_IGNORE
                | Op::NOT_LITERAL_LOC_IGNORE
        )
    }

    /// Returns whether the only argument is a group.
    pub(crate) fn is_reference(self) -> bool {
        matches!(self, Op::GROUPREF | Op::GROUPREF_IGNORE | Op::GROUPREF_UNI_IGNORE | Op::GROUPREF_LOC_IGNORE)
    }

    /// Returns whether a set follows.
    pub(crate) fn is_in(self) -> bool {
        matches!(self, Op::IN | Op::IN_IGNORE | Op::IN_UNI_IGNORE | Op::IN_LOC_IGNORE)
    }

    /// Returns CPython's name.
    pub fn name(self) -> &'static str {
        OPCODES[self as usize].1
    }
}

/// Named after the `MAGIC` that introduced them.
impl Numbering {
    /// In the order of [`Op`] (3.11 and later).
    pub(crate) const MAGIC_20220615: Numbering = {
        let mut numbers = [0; OPCODES.len()];
        let mut n = 0;
        while n < OPCODES.len() {
            numbers[n] = n as u8;
            n += 1;
        }
        Numbering(numbers)
    };

    /// With CALL before CATEGORY, and without the three opcodes of atomic groups and possessive
    /// repeats, which follow MIN_REPEAT_ONE (3.7 to 3.10).
    pub(crate) const MAGIC_20171005: Numbering = {
        let mut numbers = Numbering::MAGIC_20220615.0;
        let mut n = Op::CATEGORY as usize;
        while n < OPCODES.len() {
            numbers[n] = if n <= Op::MIN_REPEAT_ONE as usize { n as u8 + 1 } else { n as u8 - 2 };
            n += 1;
        }
        Numbering(numbers)
    };

    /// Returns the number of an opcode that exists in this dialect.
    #[inline]
    pub(crate) fn number(&self, op: Op) -> u32 {
        u32::from(self.0[op as usize])
    }

    /// Returns the opcode with a number.
    pub(crate) fn op(&self, number: u32) -> Option<Op> {
        let op = OPCODES.iter().map(|(op, _)| *op).find(|&op| self.number(op) == number)?;
        let absent = [Op::ATOMIC_GROUP, Op::POSSESSIVE_REPEAT, Op::POSSESSIVE_REPEAT_ONE];
        (*self == Numbering::MAGIC_20220615 || !absent.contains(&op)).then_some(op)
    }
}

/// The info block has a literal prefix. CPython: `SRE_INFO_PREFIX`
pub(crate) const INFO_PREFIX: u32 = 1;
/// The prefix is the whole pattern. CPython: `SRE_INFO_LITERAL`
pub(crate) const INFO_LITERAL: u32 = 2;
/// The info block has the set of the first characters. CPython: `SRE_INFO_CHARSET`
pub(crate) const INFO_CHARSET: u32 = 4;

/// The length in words of CHARSET, and of a block of BIGCHARSET: a bitmap of 256 characters.
pub(crate) const BLOCK_WORDS: usize = 8;
/// The length in words of the block numbers of BIGCHARSET, a byte each.
pub(crate) const NUMBER_WORDS: usize = 64;

/// An anchor: what matches at a position without consuming a character. `Display` writes CPython's
/// name, such as `AT_BEGINNING`.
///
/// A tree has only those that say so; the flags turn these into the others when code is generated.
///
/// CPython: `re/_constants.py`, `ATCODES`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum At {
    /// `^`. In trees.
    Beginning,
    /// `^` with [`Flags::MULTILINE`](crate::Flags::MULTILINE).
    BeginningLine,
    /// `\A`. In trees.
    BeginningString,
    /// `\b`. In trees.
    Boundary,
    /// `\B`. In trees.
    NonBoundary,
    /// `$`. In trees.
    End,
    /// `$` with [`Flags::MULTILINE`](crate::Flags::MULTILINE).
    EndLine,
    /// `\Z`, and `\z` since 3.14. In trees.
    EndString,
    /// `\b` with [`Flags::LOCALE`](crate::Flags::LOCALE).
    LocBoundary,
    /// `\B` with [`Flags::LOCALE`](crate::Flags::LOCALE).
    LocNonBoundary,
    /// `\b` with [`Flags::UNICODE`](crate::Flags::UNICODE).
    UniBoundary,
    /// `\B` with [`Flags::UNICODE`](crate::Flags::UNICODE).
    UniNonBoundary,
}

/// The names of the anchors in the order of their codes, without `AT_`.
pub(crate) const AT_NAMES: [&str; 12] = [
    "BEGINNING",
    "BEGINNING_LINE",
    "BEGINNING_STRING",
    "BOUNDARY",
    "NON_BOUNDARY",
    "END",
    "END_LINE",
    "END_STRING",
    "LOC_BOUNDARY",
    "LOC_NON_BOUNDARY",
    "UNI_BOUNDARY",
    "UNI_NON_BOUNDARY",
];

/// A category of characters, as the parser distinguishes them. Flags turn them into others when
/// code is generated. `Display` writes CPython's name, such as `CATEGORY_NOT_DIGIT`.
///
/// CPython: `re/_constants.py`, `CHCODES`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum Category {
    /// `\d`
    Digit,
    /// `\D`
    NotDigit,
    /// `\s`
    Space,
    /// `\S`
    NotSpace,
    /// `\w`
    Word,
    /// `\W`
    NotWord,
}

/// The names of the categories in the order of their codes, without `CATEGORY_`.
pub(crate) const CATEGORY_NAMES: [&str; 18] = [
    "DIGIT",
    "NOT_DIGIT",
    "SPACE",
    "NOT_SPACE",
    "WORD",
    "NOT_WORD",
    "LINEBREAK",
    "NOT_LINEBREAK",
    "LOC_WORD",
    "LOC_NOT_WORD",
    "UNI_DIGIT",
    "UNI_NOT_DIGIT",
    "UNI_SPACE",
    "UNI_NOT_SPACE",
    "UNI_WORD",
    "UNI_NOT_WORD",
    "UNI_LINEBREAK",
    "UNI_NOT_LINEBREAK",
];

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AT_{}", AT_NAMES[*self as usize])
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CATEGORY_{}", CATEGORY_NAMES[*self as usize])
    }
}

impl At {
    /// All anchors, in the order of their codes.
    pub(crate) const ALL: [At; 12] = [
        At::Beginning,
        At::BeginningLine,
        At::BeginningString,
        At::Boundary,
        At::NonBoundary,
        At::End,
        At::EndLine,
        At::EndString,
        At::LocBoundary,
        At::LocNonBoundary,
        At::UniBoundary,
        At::UniNonBoundary,
    ];
}

impl Category {
    /// All categories, in the order of their codes.
    pub(crate) const ALL: [Category; 6] = [
        Category::Digit,
        Category::NotDigit,
        Category::Space,
        Category::NotSpace,
        Category::Word,
        Category::NotWord,
    ];

    /// Returns the complement.
    ///
    /// CPython: `re/_constants.py`, `CH_NEGATE`
    pub(crate) fn negated(self) -> Category {
        match self {
            Category::Digit => Category::NotDigit,
            Category::NotDigit => Category::Digit,
            Category::Space => Category::NotSpace,
            Category::NotSpace => Category::Space,
            Category::Word => Category::NotWord,
            Category::NotWord => Category::Word,
        }
    }

    /// Returns the category of a letter after a backslash. This is a table because a branch would
    /// be unpredictable.
    #[inline]
    pub(crate) fn from_letter(letter: u8) -> Option<Category> {
        const NONE: u8 = u8::MAX;
        const LETTERS: [u8; Category::ALL.len()] = *b"dDsSwW";
        const CATEGORIES: [u8; 256] = {
            let mut categories = [NONE; 256];
            let mut n = 0;
            while n < LETTERS.len() {
                categories[LETTERS[n] as usize] = n as u8;
                n += 1;
            }
            categories
        };
        Category::ALL.get(usize::from(CATEGORIES[usize::from(letter)])).copied()
    }
}
