//! What `sre` asks of Unicode, for each Unicode version that a CPython from 3.8 to 3.15 was built with.
//!
//! Every answer is the interpreter's, for every code point: [`Version::to_lower`] is `_sre.unicode_tolower`, not
//! what the standard would say. The facts were asked from the interpreters (`cargo xtask unicode`), and are kept as
//! one table for each property, in which every range says since which version it holds. Nothing was ever withdrawn,
//! but for 15 names that 3.8 gives by mistake. All of it is constant data; no query allocates.

mod algorithmic;
mod case;
mod list;
mod names;
mod ranges;
#[rustfmt::skip]
#[path = "generated/tables.rs"]
mod tables;
#[cfg(test)]
mod tests;

pub use case::LowerRun;
pub use names::{AlgorithmicNames, Named};

/// A version of the Unicode Character Database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Version {
    /// 12.1.0, of CPython 3.8.
    V12_1,
    /// 13.0.0, of CPython 3.9 and 3.10.
    V13_0,
    /// 14.0.0, of CPython 3.11.
    V14_0,
    /// 15.0.0, of CPython 3.12.
    V15_0,
    /// 15.1.0, of CPython 3.13.
    V15_1,
    /// 16.0.0, of CPython 3.14.
    V16_0,
    /// 17.0.0, of CPython 3.15.
    V17_0,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Version; 7] = [
        Version::V12_1,
        Version::V13_0,
        Version::V14_0,
        Version::V15_0,
        Version::V15_1,
        Version::V16_0,
        Version::V17_0,
    ];

    /// The version as `unicodedata.unidata_version` has it.
    pub fn name(self) -> &'static str {
        match self {
            Version::V12_1 => "12.1.0",
            Version::V13_0 => "13.0.0",
            Version::V14_0 => "14.0.0",
            Version::V15_0 => "15.0.0",
            Version::V15_1 => "15.1.0",
            Version::V16_0 => "16.0.0",
            Version::V17_0 => "17.0.0",
        }
    }

    /// The lower case of a character, itself if there is no other: `_sre.unicode_tolower`.
    pub fn to_lower(self, c: u32) -> u32 {
        match ascii(c) {
            Some(char) => char.to_ascii_lowercase().into(),
            None => case::to_lower(self, c),
        }
    }

    /// Whether the lower or the upper case is another character: `_sre.unicode_iscased`.
    pub fn is_cased(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => char.is_ascii_alphabetic(),
            None => ranges::contains(&tables::CASED, self, c),
        }
    }

    /// `str.isalpha` of one character.
    pub fn is_alpha(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => char.is_ascii_alphabetic(),
            None => ranges::contains(&tables::ALPHA, self, c),
        }
    }

    /// `str.isprintable` of one character.
    pub fn is_printable(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => matches!(char, b' '..=b'~'),
            None => ranges::contains(&tables::PRINTABLE, self, c),
        }
    }

    /// Whether an identifier may begin with the character: `chr(c).isidentifier()`. The underscore may.
    pub fn is_id_start(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => char.is_ascii_alphabetic() || char == b'_',
            None => ranges::contains(&tables::ID_START, self, c),
        }
    }

    /// Whether an identifier may go on with the character: `("a" + chr(c)).isidentifier()`.
    pub fn is_id_continue(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => char.is_ascii_alphanumeric() || char == b'_',
            None => ranges::contains(&tables::ID_CONTINUE, self, c),
        }
    }

    /// The value of a decimal digit of any script: `unicodedata.decimal`, and what `int(chr(c))` gives.
    pub fn decimal(self, c: u32) -> Option<u8> {
        match ascii(c) {
            Some(char) => char.is_ascii_digit().then(|| char - b'0'),
            // Digits come in tens, which the generator asserts.
            None => ranges::find(&tables::DECIMAL, self, c).map(|range| ((c - range.first()) % 10) as u8),
        }
    }

    /// The character, or the sequence of characters, of a name: `unicodedata.lookup`.
    ///
    /// `name` is code points as written in the pattern; `None` is Python's `KeyError`.
    pub fn lookup_name(self, name: &[u32], algorithmic: AlgorithmicNames) -> Option<Named> {
        names::lookup(self, name, algorithmic)
    }

    /// The characters of `lo..=hi` that have another lower case, as disjoint runs in ascending order.
    ///
    /// Costs a binary search and a step for each run, however many characters lie between.
    pub fn lower_runs(self, lo: u32, hi: u32) -> impl Iterator<Item = LowerRun> {
        case::lower_runs(self, lo, hi)
    }

    /// The cased characters of `lo..=hi`, as disjoint ranges in ascending order, each with its first and its last.
    pub fn cased(self, lo: u32, hi: u32) -> impl Iterator<Item = (u32, u32)> {
        ranges::between(&tables::CASED, self, lo, hi)
    }

    /// Whether any character of `lo..=hi` is cased.
    pub fn any_cased(self, lo: u32, hi: u32) -> bool {
        self.cased(lo, hi).next().is_some()
    }
}

/// `str.isspace` of one character, which is the same in all versions.
pub fn is_space(c: u32) -> bool {
    tables::SPACE.iter().any(|&(first, last)| (first..=last).contains(&c))
}

fn ascii(c: u32) -> Option<u8> {
    u8::try_from(c).ok().filter(u8::is_ascii)
}
