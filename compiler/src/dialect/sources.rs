//! Which versions have which sources of `re`, to recognise a compiler that was never compared.

use super::table::COMPARED;
use super::version::Dialect;

impl Dialect {
    /// The modules that the hash of [`with_sources`](Dialect::with_sources) covers, in order, for a
    /// minor version: `re`, the compiler, the parser, the constants, and from 3.11 the table of
    /// cases.
    pub fn source_modules(minor: u32) -> &'static [&'static str] {
        if minor < 11 {
            return &["re", "sre_compile", "sre_parse", "sre_constants"];
        }
        &["re", "re._compiler", "re._parser", "re._constants", "re._casefix"]
    }

    /// Returns the dialect of an interpreter, given its version and the hash of its sources of
    /// `re`: 64-bit FNV-1a of the files of [`source_modules`](Dialect::source_modules), one after the
    /// other. The patch level decides where versions with the same sources differ, in their C code.
    ///
    /// Returns `None` if no version with which this crate was compared has these sources: a patch
    /// level that is newer, or a modified `re`.
    pub fn with_sources(version: (u32, u32, u32), hash: u64) -> Option<Dialect> {
        let (major, minor, patch) = version;
        let same = COMPARED.iter().filter(|known| (known.sources, known.version.1) == (hash, minor));
        let mut same = same.filter_map(|known| Dialect::from_version(major, minor, known.version.2));
        let by_version = Dialect::from_version(major, minor, patch);
        same.clone().find(|dialect| Some(*dialect) == by_version).or_else(|| same.next_back())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_were_compared_have_their_dialects() {
        for known in &COMPARED {
            let (version, hash) = (known.version, known.sources);
            let (major, minor, patch) = version;
            assert_eq!(Dialect::with_sources(version, hash), Dialect::from_version(major, minor, patch));
            assert_eq!(Dialect::with_sources(version, hash ^ 1), None);
            assert_eq!(Dialect::with_sources((3, 7, 0), hash), None);
        }
    }

    #[test]
    fn the_patch_level_decides_between_versions_with_the_same_sources() {
        let of = |patch| Dialect::with_sources((3, 14, patch), 0x0c9f_1d5b_3e25_887f);
        assert_eq!((of(0), of(3)), (Dialect::from_version(3, 14, 0), Dialect::from_version(3, 14, 0)));
        assert_eq!((of(4), of(99)), (Dialect::latest_patch(3, 14), Dialect::latest_patch(3, 14)));
        // A backport: the sources are those of another dialect.
        let backport = Dialect::with_sources((3, 11, 4), 0xba7f_542a_e1c2_752d);
        assert_eq!(backport, Dialect::from_version(3, 11, 7));
    }
}
