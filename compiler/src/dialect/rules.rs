//! What differs between CPythons: a field for each rule.

use crate::opcode::Numbering;
use crate::unicode::{AlgorithmicNames, Version};

/// The rules of one dialect. Versions stand in the rows only.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Rules {
    /// The minor version: 13 for 3.13.
    pub minor: u32,
    /// The first patch level of this row; it reaches to the next row.
    pub patch: u32,
    /// The Unicode version of `unicodedata` and of the interpreter's str methods.
    pub unicode: Version,
    /// `_sre.MAGIC`, which does not identify a compiler.
    pub magic: u32,
    /// The numbers of the opcodes.
    pub numbering: Numbering,
    /// Where `(?i)` may stand.
    pub global_flags: GlobalFlags,
    /// `x*+` and `(?>…)` are understood.
    pub possessive_and_atomic: bool,
    /// Messages about bytes patterns show what is not ASCII as `\xhh`, not as Latin-1.
    pub bytes_messages_are_ascii: bool,
    /// What may name or number a group.
    pub group_names: GroupNames,
    /// A conditional on a group that the pattern never defines is an error of the parser.
    pub undefined_conditional_refused: bool,
    /// `\U80000000`, which is no C int, is a bad escape; else an OverflowError of `chr`.
    pub escape_beyond_int_bad: bool,
    /// `\N{KEYCAP DIGIT ONE}`, several characters, is an undefined name; else a bare TypeError.
    pub named_sequence_undefined: bool,
    /// How `\N{…}` reads names that follow from the number, such as Hangul's.
    pub algorithmic_names: AlgorithmicNames,
    /// The first group number that is refused unseen. CPython: `MAXGROUPS`
    pub max_groups: u32,
    /// How wide a subpattern's width can grow.
    pub width_cap: WidthCap,
    /// `re.T` and `(?t)` have a meaning.
    pub template_flag: bool,
    /// `(?!)` is FAILURE rather than a negative assertion of nothing.
    pub empty_negative_assertion_fails: bool,
    /// In case-insensitive sets, literals beyond U+FFFF are lower-cased, and cased only if they are.
    pub astral_literals_folded: bool,
    /// `[\s\S]` is any character, `[^\s\S]` none.
    pub complementary_categories_folded: bool,
    /// `\z` is understood.
    pub lower_z_escape: bool,
    /// The lower-case characters that share an upper-case one include the Cyrillic ones of U+1C80.
    pub cyrillic_extra_cases: bool,
    /// The dump shows an atomic group's items indented, not as one line.
    pub atomic_dump_indented: bool,
    /// The text for too many digits.
    pub digit_limit_text: DigitLimitText,
    /// How `_sre` checks code.
    pub validator: Validator,
    /// It refuses a look-behind of 2^31 characters and more.
    pub huge_lookbehind_refused: bool,
    /// It refuses just the marks that no group has, not only those further off.
    pub marks_checked_exactly: bool,
}

/// Where a group of global flags, `(?i)`, may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum GlobalFlags {
    /// Anywhere, with a warning where it is not first; `(?x)` has the parser start again.
    Anywhere {
        /// The warning tells the position.
        positioned: bool,
    },
    /// FirstSet only, else an error.
    FirstSet,
}

/// What may name or number a group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum GroupNames {
    /// What `str.isidentifier` and `int` take.
    Lenient,
    /// The same, with a warning for what `Strict` refuses.
    Warned,
    /// Identifiers, ASCII in bytes patterns, and ASCII digits.
    Strict,
}

/// How wide a subpattern's width can grow. CPython: `re/_parser.py`, `SubPattern.getwidth`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct WidthCap {
    pub min: u64,
    pub max: u64,
}

/// How the text of the ValueError for too many digits puts the limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DigitLimitText {
    /// `(4300)`
    Number,
    /// `(4300 digits)`
    NumberOfDigits,
}

/// How `_sre` checks the jumps of conditionals and branches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Validator {
    /// A word that looks like a JUMP is taken for one; a branch may be empty.
    Guessing,
    Exact,
}

/// `MAXREPEAT`, and so the widest that a repeat can be counted.
pub(crate) const MAXREPEAT: u32 = u32::MAX;
