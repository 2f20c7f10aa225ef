//! A dialect, named by a version of CPython.

use core::fmt;
use core::str::FromStr;

use super::rules::Rules;
use super::table::ROWS;
use crate::unicode::Version;

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

impl Dialect {
    /// The dialect of an interpreter, by `sys.version_info`; none below 3.8 and for a minor version not yet known.
    pub fn from_version(major: u32, minor: u32, patch: u32) -> Option<Dialect> {
        let row = ROWS.iter().rfind(|row| major == 3 && row.minor == minor && row.patch <= patch)?;
        Some(Dialect(row))
    }

    /// The dialect of the newest patch level known of a minor version.
    pub fn latest_patch(major: u32, minor: u32) -> Option<Dialect> {
        Dialect::from_version(major, minor, u32::MAX)
    }

    /// Every dialect, oldest first.
    pub fn all() -> impl DoubleEndedIterator<Item = Dialect> + ExactSizeIterator {
        ROWS.iter().map(Dialect)
    }

    /// `(3, 13, 1)`: the first version that speaks it.
    pub fn min_version(self) -> (u32, u32, u32) {
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
        self.min_version() == other.min_version()
    }
}

impl Eq for Dialect {}

/// The first version that speaks it: `3.13.1`.
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

/// What [`Dialect`]'s `from_str` says of a version that it does not know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParseDialectError;

impl fmt::Display for ParseDialectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let newest = Dialect::default();
        write!(f, "not a CPython version from 3.8 to 3.{} (such as 3.13 or 3.13.0)", newest.0.minor)
    }
}

impl core::error::Error for ParseDialectError {}

/// `3.13` (its newest patch level known) or `3.13.0`.
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
