//! Versions of Unicode.

/// A version of the Unicode Character Database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[non_exhaustive]
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
    /// All versions, oldest first.
    pub const ALL: [Version; 7] = [
        Version::V12_1,
        Version::V13_0,
        Version::V14_0,
        Version::V15_0,
        Version::V15_1,
        Version::V16_0,
        Version::V17_0,
    ];

    /// Returns `unicodedata.unidata_version`.
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
}
