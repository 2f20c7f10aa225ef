//! Dialects, named by versions of CPython.

use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use super::rules::Rules;
use super::table::{COMPARED, PREVIEWS, ROWS};
use crate::opcode::Op;
use crate::unicode::Version;

/// The compiler of one CPython: a minor version and a range of its patch levels.
///
/// ```
/// use sre_compiler::Dialect;
/// let latest: Dialect = "3.13".parse().unwrap(); // the latest known patch level
/// let first: Dialect = "3.13.0".parse().unwrap();
/// // They treat characters beyond U+FFFF in case-insensitive sets differently.
/// assert_ne!(latest, first);
/// ```
///
/// Dialects are ordered by version. [`PY313`](Dialect::PY313) and the other constants are the
/// latest known patch level of a minor version, so a new release of this crate may change them; for
/// an exact one use [`from_version`](Dialect::from_version).
#[derive(Clone, Copy)]
pub struct Dialect(pub(crate) &'static Rules);

impl Dialect {
    /// CPython 3.8.
    pub const PY38: Dialect = Dialect(newest_row(8));
    /// CPython 3.9.
    pub const PY39: Dialect = Dialect(newest_row(9));
    /// CPython 3.10.
    pub const PY310: Dialect = Dialect(newest_row(10));
    /// CPython 3.11.
    pub const PY311: Dialect = Dialect(newest_row(11));
    /// CPython 3.12.
    pub const PY312: Dialect = Dialect(newest_row(12));
    /// CPython 3.13.
    pub const PY313: Dialect = Dialect(newest_row(13));
    /// CPython 3.14.
    pub const PY314: Dialect = Dialect(newest_row(14));
    /// CPython 3.15.
    pub const PY315: Dialect = Dialect(newest_row(15));
    /// A preview of CPython 3.16, as its main branch was in September 2026. It may change in any
    /// release of this crate, and was not compared with an interpreter. What it does not support
    /// (set operators, `\p{…}`, the sets that the optimizer fuses) is rejected with
    /// [`ErrorKind::UnsupportedInPreview`](crate::ErrorKind::UnsupportedInPreview).
    pub const PY316_PREVIEW: Dialect = Dialect(&PREVIEWS[0]);
    /// The latest CPython that has been released: the default.
    pub const LATEST: Dialect = Dialect(&ROWS[ROWS.len() - 1]);

    /// Returns the dialect of an interpreter by its `sys.version_info`, or `None` for a version
    /// below 3.8 and for an unknown minor version. It may be a [preview](Dialect::is_preview).
    pub fn from_version(major: u32, minor: u32, patch: u32) -> Option<Dialect> {
        let mut rows = ROWS.iter().chain(&PREVIEWS);
        let row = rows.rfind(|row| major == 3 && row.minor == minor && row.patch <= patch)?;
        Some(Dialect(row))
    }

    /// Returns the dialect of the latest known patch level of a minor version.
    pub fn latest_patch(major: u32, minor: u32) -> Option<Dialect> {
        Dialect::from_version(major, minor, u32::MAX)
    }

    /// Returns the dialects of all released versions, oldest first. For the others see
    /// [`previews`](Dialect::previews).
    pub fn all() -> impl DoubleEndedIterator<Item = Dialect> + ExactSizeIterator {
        ROWS.iter().map(Dialect)
    }

    /// Returns the dialects of versions that are not released yet, oldest first.
    pub fn previews() -> impl DoubleEndedIterator<Item = Dialect> + ExactSizeIterator {
        PREVIEWS.iter().map(Dialect)
    }

    /// Returns the first version that has this dialect, such as `(3, 13, 1)`.
    pub fn min_version(self) -> (u32, u32, u32) {
        (3, self.0.minor, self.0.patch)
    }

    /// Returns the newest version with this dialect with which this crate was compared over its
    /// whole corpus, or `None` if there was none. Dialects without one are taken from CPython's
    /// changelog, and differ from one that was compared by a rule or two.
    pub fn compared_to(self) -> Option<(u32, u32, u32)> {
        Dialect::compared_versions()
            .rfind(|&(major, minor, patch)| Dialect::from_version(major, minor, patch) == Some(self))
    }

    /// Returns the versions with which this crate was compared over its whole corpus, oldest first,
    /// whatever their dialect.
    pub fn compared_versions() -> impl DoubleEndedIterator<Item = (u32, u32, u32)> + ExactSizeIterator {
        COMPARED.iter().map(|known| known.version)
    }

    /// Returns whether the version was not released when this crate was: its rules may still
    /// change, and some of its syntax may be
    /// [rejected](crate::ErrorKind::UnsupportedInPreview).
    pub fn is_preview(self) -> bool {
        self.0.minor > Dialect::LATEST.0.minor
    }

    /// Returns `_sre.MAGIC`. Different numbers mean different compilers, but the same number does
    /// not mean the same compiler.
    pub fn magic(self) -> u32 {
        self.0.magic
    }

    /// Returns whether all opcodes have the same numbers in both.
    pub fn numbers_opcodes_as(self, other: Dialect) -> bool {
        self.0.numbering == other.0.numbering
    }

    /// Returns the Unicode version.
    pub fn unicode(self) -> Version {
        self.0.unicode
    }

    /// Returns the opcode that a word of this dialect's code stands for, if it stands for one.
    pub fn op(self, word: u32) -> Option<Op> {
        self.0.numbering.op(word)
    }
}

/// The latest dialect.
impl Default for Dialect {
    fn default() -> Dialect {
        Dialect::LATEST
    }
}

impl Default for &'static Rules {
    fn default() -> &'static Rules {
        Dialect::default().0
    }
}

impl PartialEq for Dialect {
    fn eq(&self, other: &Dialect) -> bool {
        self.min_version() == other.min_version()
    }
}

impl Eq for Dialect {}

impl PartialOrd for Dialect {
    fn partial_cmp(&self, other: &Dialect) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dialect {
    fn cmp(&self, other: &Dialect) -> Ordering {
        self.min_version().cmp(&other.min_version())
    }
}

impl Hash for Dialect {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.min_version().hash(state);
    }
}

/// Returns the last row of a minor version.
const fn newest_row(minor: u32) -> &'static Rules {
    let mut n = ROWS.len() - 1;
    while ROWS[n].minor != minor {
        n -= 1;
    }
    &ROWS[n]
}

/// Writes the first version that has this dialect, such as `3.13.1`.
impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor, patch) = self.min_version();
        write!(f, "{major}.{minor}.{patch}")
    }
}

impl fmt::Debug for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dialect({self})")
    }
}

/// Error returned by `Dialect::from_str` for an unknown version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParseDialectError;

impl fmt::Display for ParseDialectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let newest = Dialect::default();
        write!(f, "not a CPython version from 3.8 to 3.{} (such as 3.13 or 3.13.0)", newest.0.minor)
    }
}

impl core::error::Error for ParseDialectError {}

/// Parses `3.13`, which means its latest known patch level, or `3.13.0`.
impl FromStr for Dialect {
    type Err = ParseDialectError;

    fn from_str(version: &str) -> Result<Dialect, ParseDialectError> {
        let mut parts = version.split('.').map(|part| part.parse::<u32>().map_err(|_| ParseDialectError));
        let major = parts.next().ok_or(ParseDialectError)??;
        let minor = parts.next().ok_or(ParseDialectError)??;
        let patch = parts.next().transpose()?.unwrap_or(u32::MAX);
        if parts.next().is_some() {
            return Err(ParseDialectError);
        }
        Dialect::from_version(major, minor, patch).ok_or(ParseDialectError)
    }
}
