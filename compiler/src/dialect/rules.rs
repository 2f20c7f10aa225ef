//! The rules in which CPythons differ.

use crate::opcode::Numbering;
use crate::unicode::{AlgorithmicNames, Version};

/// The rules of one dialect.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Rules {
    /// The minor version: 13 for 3.13.
    pub minor: u32,
    /// The first patch level of this row, which extends to the next row.
    pub patch: u32,
    /// The Unicode version of `unicodedata` and of the methods of `str`.
    pub unicode: Version,
    /// `_sre.MAGIC`, which does not identify a compiler.
    pub magic: u32,
    /// The numbers of the opcodes.
    pub numbering: Numbering,
    /// Where `(?i)` is allowed.
    pub global_flags: GlobalFlags,
    /// `x*+` and `(?>…)` are supported.
    pub possessive_and_atomic: bool,
    /// Messages about `bytes` patterns show characters beyond ASCII as `\xhh` rather than as
    /// Latin-1.
    pub bytes_messages_are_ascii: bool,
    /// Which names and numbers of groups are allowed.
    pub group_names: GroupNames,
    /// The parser rejects a conditional on a group that the pattern never defines.
    pub undefined_conditional_refused: bool,
    /// `\U80000000`, which does not fit a C int, is a bad escape. Otherwise `chr` raises an
    /// OverflowError.
    pub escape_beyond_int_bad: bool,
    /// `\N{KEYCAP DIGIT ONE}`, which is several characters, is an undefined name. Otherwise it is a
    /// TypeError.
    pub named_sequence_undefined: bool,
    /// How `\N{…}` reads names that are derived from a code point, such as those of Hangul.
    pub algorithmic_names: AlgorithmicNames,
    /// The least group number that is rejected without a lookup. CPython: `MAXGROUPS`
    pub max_groups: u32,
    /// The greatest width of a subpattern.
    pub width_cap: WidthCap,
    /// `re.T` and `(?t)` are supported.
    pub template_flag: bool,
    /// `(?!)` is FAILURE rather than an empty negative assertion.
    pub empty_negative_assertion_fails: bool,
    /// In case-insensitive sets, literals beyond U+FFFF are converted to lower case, and are cased
    /// only if that changes them.
    pub astral_literals_folded: bool,
    /// `[\s\S]` matches every character, `[^\s\S]` none.
    pub complementary_categories_folded: bool,
    /// `\z` is supported.
    pub lower_z_escape: bool,
    /// The extra cases include the Cyrillic letters from U+1C80 on.
    pub cyrillic_extra_cases: bool,
    /// The dump shows the items of an atomic group indented rather than in one line.
    pub atomic_dump_indented: bool,
    /// A number of more than 4300 digits is refused, as where `sys.get_int_max_str_digits` exists.
    pub digits_limited: bool,
    /// The message about too many digits.
    pub digit_limit_text: DigitLimitText,
    /// How `_sre` validates code.
    pub validator: Validator,
    /// `_sre` rejects a look-behind of 2^31 characters or more.
    pub huge_lookbehind_refused: bool,
    /// `_sre` rejects every MARK that no group has. Otherwise it accepts the two beyond the last
    /// group.
    pub marks_checked_exactly: bool,
    /// A single category is the instruction CATEGORY rather than a set: `\d`, `[\d]`, `[^\d]`.
    pub bare_categories: bool,
    /// Sets have the operators `--`, `&&` and `||`. Not supported: they are rejected.
    pub set_operators: bool,
    /// `str` patterns have properties: `\p{…}`. Not supported: they are rejected.
    pub properties: bool,
    /// A character before `(?<!…)`, and alternatives of one character each, become one set with a
    /// NEGATE inside. Not supported: they are rejected.
    pub sets_fused: bool,
}

/// Where global flags, such as `(?i)`, are allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum GlobalFlags {
    /// Anywhere, with a warning unless they come first. `(?x)` makes the parser start again.
    Anywhere {
        /// Whether the warning includes the position.
        positioned: bool,
    },
    /// At the start only. Elsewhere they are an error.
    First,
}

/// Which names and numbers of groups are allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum GroupNames {
    /// Those that `str.isidentifier` and `int` accept.
    Lenient,
    /// The same, with a warning about those that `Strict` rejects.
    Warned,
    /// Identifiers, which are ASCII in `bytes` patterns, and numbers in ASCII digits.
    Strict,
}

/// The greatest bounds of a width. CPython: `re/_parser.py`, `SubPattern.getwidth`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct WidthCap {
    pub min: u64,
    pub max: u64,
}

/// The text of the ValueError about too many digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DigitLimitText {
    /// `(4300)`
    Bare,
    /// `(4300)`, and how to raise it.
    Advice,
    /// `(4300 digits)`, and how to raise it.
    AdviceInDigits,
}

/// How `_sre` validates the jumps of conditionals and branches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Validator {
    /// Any word that looks like a JUMP is taken for one, and a branch may be empty.
    Guessing,
    Exact,
}

/// CPython: `MAXREPEAT`
pub(crate) const MAXREPEAT: u32 = u32::MAX;
