//! The Unicode properties that compiling needs, for each Unicode version of the CPythons from 3.8
//! to 3.15.
//!
//! For every code point the result is that of the interpreter: [`Version::to_lower`] is
//! `_sre.unicode_tolower`, not what the standard would say. The data was collected from the
//! interpreters (`cargo xtask unicode`). It is one table per property, in which each range has the
//! version that introduced it. Nothing was ever withdrawn except for 15 names that 3.8 has by
//! mistake. All of it is constant, and no query allocates.

// Some of these are used by names alone.
#[cfg_attr(not(feature = "names"), allow(dead_code))]
mod algorithmic;
mod case;
#[cfg_attr(not(feature = "names"), allow(dead_code))]
mod entries;
#[cfg(feature = "names")]
mod list;
mod named;
#[cfg(feature = "names")]
mod names;
mod ranges;
#[rustfmt::skip]
#[cfg_attr(not(feature = "names"), allow(dead_code))]
#[path = "generated/tables.rs"]
mod tables;
#[cfg(feature = "names")]
#[cfg(test)]
mod tests;
mod version;

pub use algorithmic::AlgorithmicNames;
pub use entries::LowerRun;
pub use named::Named;
pub use version::Version;

impl Version {
    /// Returns the lower case of a character, or the character itself: `_sre.unicode_tolower`.
    pub fn to_lower(self, c: u32) -> u32 {
        match ascii(c) {
            Some(char) => char.to_ascii_lowercase().into(),
            None => case::to_lower(self, c),
        }
    }

    /// Returns whether the lower or the upper case is another character: `_sre.unicode_iscased`.
    pub fn is_cased(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => char.is_ascii_alphabetic(),
            None => ranges::contains(&tables::CASED, self, c),
        }
    }

    /// Returns `str.isalpha` of one character.
    pub fn is_alpha(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => char.is_ascii_alphabetic(),
            None => ranges::contains(&tables::ALPHA, self, c),
        }
    }

    /// Returns `str.isprintable` of one character.
    pub fn is_printable(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => matches!(char, b' '..=b'~'),
            None => ranges::contains(&tables::PRINTABLE, self, c),
        }
    }

    /// Returns whether an identifier may begin with the character: `chr(c).isidentifier()`. The
    /// underscore may.
    pub fn is_id_start(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => char.is_ascii_alphabetic() || char == b'_',
            None => ranges::contains(&tables::ID_START, self, c),
        }
    }

    /// Returns whether an identifier may continue with the character: `("a" +
    /// chr(c)).isidentifier()`.
    pub fn is_id_continue(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => char.is_ascii_alphanumeric() || char == b'_',
            None => ranges::contains(&tables::ID_CONTINUE, self, c),
        }
    }

    /// Returns the value of a decimal digit of any script: `unicodedata.decimal`, and
    /// `int(chr(c))`.
    pub fn decimal(self, c: u32) -> Option<u8> {
        match ascii(c) {
            Some(char) => char.is_ascii_digit().then(|| char - b'0'),
            // Digits come in tens, which the generator asserts.
            None => ranges::find(&tables::DECIMAL, self, c).map(|range| ((c - range.first()) % 10) as u8),
        }
    }

    /// Returns the character or the sequence with a name: `unicodedata.lookup`.
    ///
    /// `name` is code points as written in the pattern. `None` is Python's `KeyError`.
    #[cfg(feature = "names")]
    pub fn lookup_name(self, name: &[u32], algorithmic: AlgorithmicNames) -> Option<Named> {
        names::lookup(self, name, algorithmic)
    }

    /// Returns the characters of `lo..=hi` that have another lower case, as disjoint runs in
    /// ascending order.
    ///
    /// Takes a binary search and a step for each run, however many characters are in between.
    pub fn lower_runs(self, lo: u32, hi: u32) -> impl Iterator<Item = LowerRun> {
        case::lower_runs(self, lo, hi)
    }

    /// Returns the cased characters of `lo..=hi` as disjoint ranges in ascending order.
    pub fn cased(self, lo: u32, hi: u32) -> impl Iterator<Item = (u32, u32)> {
        ranges::between(&tables::CASED, self, lo, hi)
    }

    /// Returns whether any character of `lo..=hi` is cased.
    pub fn any_cased(self, lo: u32, hi: u32) -> bool {
        self.cased(lo, hi).next().is_some()
    }
}

/// Returns `str.isspace` of one character, which is the same in all versions.
pub fn is_space(c: u32) -> bool {
    tables::SPACE.iter().any(|&(first, last)| (first..=last).contains(&c))
}

fn ascii(c: u32) -> Option<u8> {
    u8::try_from(c).ok().filter(u8::is_ascii)
}
