//! What differs between CPythons: one row per compiler, one field per rule.
//!
//! Code asks a rule, never a version. A new CPython is a new row, and a new rule where it does what none did before.

use core::fmt;
use core::str::FromStr;

use crate::opcode::Numbering;
use crate::unicode::{AlgorithmicNames, Version};

/// Which CPython's compiler to be: a minor version and a range of its patch levels.
///
/// ```
/// use sre_compiler::Dialect;
/// let newest: Dialect = "3.13".parse().unwrap(); // the newest patch level known
/// let first: Dialect = "3.13.0".parse().unwrap();
/// assert_ne!(newest, first); // they treat characters beyond U+FFFF in case-insensitive sets differently
/// ```
#[derive(Clone, Copy)]
pub struct Dialect(pub(crate) &'static Rules);

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
    /// First only, else an error.
    First,
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

/// Capped at `MAXREPEAT - 1` and `MAXREPEAT`.
const CAP_AT_MAXREPEAT: WidthCap = WidthCap { min: MAXREPEAT as u64 - 1, max: MAXREPEAT as u64 };
/// Capped at 2^64, which no rule tells from 2^64 - 1.
const CAP_AT_MAXWIDTH: WidthCap = WidthCap { min: u64::MAX, max: u64::MAX };

const V3_8_0: Rules = Rules {
    minor: 8,
    patch: 0,
    unicode: Version::V12_1,
    magic: 20171005,
    numbering: Numbering::MAGIC_20171005,
    global_flags: GlobalFlags::Anywhere { positioned: false },
    possessive_and_atomic: false,
    bytes_messages_are_ascii: false,
    group_names: GroupNames::Lenient,
    undefined_conditional_refused: false,
    escape_beyond_int_bad: false,
    named_sequence_undefined: false,
    algorithmic_names: AlgorithmicNames::Strict,
    max_groups: 0x7fff_ffff,
    width_cap: CAP_AT_MAXREPEAT,
    template_flag: true,
    empty_negative_assertion_fails: false,
    astral_literals_folded: false,
    complementary_categories_folded: false,
    lower_z_escape: false,
    cyrillic_extra_cases: false,
    atomic_dump_indented: false,
    digit_limit_text: DigitLimitText::Number,
    validator: Validator::Guessing,
    huge_lookbehind_refused: true,
    marks_checked_exactly: false,
};
const V3_9_0: Rules = Rules { minor: 9, unicode: Version::V13_0, ..V3_8_0 };
const V3_9_13: Rules = Rules {
    patch: 13,
    global_flags: GlobalFlags::Anywhere { positioned: true },
    undefined_conditional_refused: true,
    named_sequence_undefined: true,
    cyrillic_extra_cases: true,
    ..V3_9_0
};
const V3_10_0: Rules = Rules { minor: 10, ..V3_9_0 };
const V3_10_5: Rules = Rules { minor: 10, patch: 5, ..V3_9_13 };
const V3_10_9: Rules = Rules { patch: 9, validator: Validator::Exact, ..V3_10_5 };
const V3_11_0: Rules = Rules {
    minor: 11,
    patch: 0,
    unicode: Version::V14_0,
    magic: 20220615,
    numbering: Numbering::MAGIC_20220615,
    global_flags: GlobalFlags::First,
    possessive_and_atomic: true,
    bytes_messages_are_ascii: true,
    group_names: GroupNames::Warned,
    max_groups: 0x3fff_ffff,
    digit_limit_text: DigitLimitText::NumberOfDigits,
    ..V3_10_5
};
const V3_11_1: Rules = Rules { patch: 1, validator: Validator::Exact, ..V3_11_0 };
const V3_11_5: Rules = Rules { patch: 5, atomic_dump_indented: true, ..V3_11_1 };
const V3_11_7: Rules =
    Rules { patch: 7, width_cap: CAP_AT_MAXWIDTH, huge_lookbehind_refused: false, ..V3_11_5 };
const V3_12_0: Rules = Rules {
    minor: 12,
    patch: 0,
    unicode: Version::V15_0,
    magic: 20221023,
    group_names: GroupNames::Strict,
    ..V3_11_5
};
const V3_12_1: Rules =
    Rules { patch: 1, width_cap: CAP_AT_MAXWIDTH, huge_lookbehind_refused: false, ..V3_12_0 };
const V3_12_8: Rules = Rules { patch: 8, astral_literals_folded: true, ..V3_12_1 };
const V3_13_0: Rules = Rules {
    minor: 13,
    patch: 0,
    unicode: Version::V15_1,
    magic: 20230612,
    escape_beyond_int_bad: true,
    template_flag: false,
    empty_negative_assertion_fails: true,
    ..V3_12_1
};
const V3_13_1: Rules = Rules { patch: 1, astral_literals_folded: true, ..V3_13_0 };
const V3_13_13: Rules =
    Rules { patch: 13, algorithmic_names: AlgorithmicNames::AnyCase, marks_checked_exactly: true, ..V3_13_1 };
const V3_14_0: Rules = Rules {
    minor: 14,
    patch: 0,
    unicode: Version::V16_0,
    complementary_categories_folded: true,
    lower_z_escape: true,
    ..V3_13_1
};
const V3_14_4: Rules =
    Rules { patch: 4, algorithmic_names: AlgorithmicNames::AnyCase, marks_checked_exactly: true, ..V3_14_0 };
const V3_15_0: Rules = Rules { minor: 15, patch: 0, unicode: Version::V17_0, ..V3_14_4 };

/// Every row, oldest first.
static ROWS: [Rules; 19] = [
    V3_8_0, V3_9_0, V3_9_13, V3_10_0, V3_10_5, V3_10_9, V3_11_0, V3_11_1, V3_11_5, V3_11_7, V3_12_0, V3_12_1,
    V3_12_8, V3_13_0, V3_13_1, V3_13_13, V3_14_0, V3_14_4, V3_15_0,
];

impl Dialect {
    /// The dialect of an interpreter, by `sys.version_info`; none below 3.8 and for a minor version not yet known.
    pub fn for_version(major: u32, minor: u32, patch: u32) -> Option<Dialect> {
        let row = ROWS.iter().rfind(|row| major == 3 && row.minor == minor && row.patch <= patch)?;
        Some(Dialect(row))
    }

    /// The dialect of the newest patch level known of a minor version.
    pub fn newest(major: u32, minor: u32) -> Option<Dialect> {
        Dialect::for_version(major, minor, u32::MAX)
    }

    /// Every dialect, oldest first.
    pub fn all() -> impl DoubleEndedIterator<Item = Dialect> + ExactSizeIterator {
        ROWS.iter().map(Dialect)
    }

    /// `(3, 13, 1)`: the first version that speaks it.
    pub fn first_version(self) -> (u32, u32, u32) {
        (3, self.0.minor, self.0.patch)
    }

    /// `_sre.MAGIC`. It does not identify a compiler, but another number means another one.
    pub fn magic(self) -> u32 {
        self.0.magic
    }

    /// The Unicode version that it knows.
    pub fn unicode(self) -> Version {
        self.0.unicode
    }
}

/// The latest of all.
impl Default for Dialect {
    fn default() -> Dialect {
        Dialect(&ROWS[ROWS.len() - 1])
    }
}

impl Default for &'static Rules {
    fn default() -> &'static Rules {
        Dialect::default().0
    }
}

impl PartialEq for Dialect {
    fn eq(&self, other: &Dialect) -> bool {
        self.first_version() == other.first_version()
    }
}

impl Eq for Dialect {}

/// The first version that speaks it: `3.13.1`.
impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor, patch) = self.first_version();
        write!(f, "{major}.{minor}.{patch}")
    }
}

impl fmt::Debug for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dialect({self})")
    }
}

/// What [`Dialect`]'s `from_str` says of a version that it does not know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnknownVersion;

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let newest = Dialect::default();
        write!(f, "not a CPython version from 3.8 to 3.{} (such as 3.13 or 3.13.0)", newest.0.minor)
    }
}

impl core::error::Error for UnknownVersion {}

/// `3.13` (its newest patch level known) or `3.13.0`.
impl FromStr for Dialect {
    type Err = UnknownVersion;

    fn from_str(version: &str) -> Result<Dialect, UnknownVersion> {
        let mut parts = version.split('.').map(|part| part.parse::<u32>().map_err(|_| UnknownVersion));
        let major = parts.next().ok_or(UnknownVersion)??;
        let minor = parts.next().ok_or(UnknownVersion)??;
        let patch = parts.next().transpose()?.unwrap_or(u32::MAX);
        if parts.next().is_some() {
            return Err(UnknownVersion);
        }
        Dialect::for_version(major, minor, patch).ok_or(UnknownVersion)
    }
}
