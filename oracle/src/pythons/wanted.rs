//! Which of the interpreters found an argument selects.

use std::fmt;
use std::str::FromStr;

/// A version of an interpreter.
type Version = (u32, u32, u32);

/// A version as it is written: 3 and a minor version, with or without a patch level.
type Point = (u32, Option<u32>);

/// What an argument selects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    /// `all`
    All,
    /// `newest`, or `3`.
    Newest,
    /// `3.13` or `3.13.0`.
    One(Point),
    /// `3.9..3.12`, `3.9..` or `..3.12`: the newest of each minor version. Both ends belong to it.
    Range(Option<Point>, Option<Point>),
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Wanted, String> {
        let bad = || {
            format!(
                "{text:?} selects no interpreter: expected 3.13, 3.13.0, 3.9.., 3.9..3.12, newest, all, or a \
                 path with a slash in it"
            )
        };
        let end = |end: &str| match end.trim() {
            "" => Ok(None),
            end => point(end).map(Some).ok_or_else(bad),
        };
        match (text, text.split_once("..")) {
            ("all", _) => Ok(Wanted::All),
            ("newest" | "3", _) => Ok(Wanted::Newest),
            (_, Some((low, high))) => Ok(Wanted::Range(end(low)?, end(high)?)),
            (_, None) => point(text).map(Wanted::One).ok_or_else(bad),
        }
    }
}

fn point(text: &str) -> Option<Point> {
    let mut parts = text.split('.').map(|part| part.parse::<u32>().ok());
    let (major, minor) = (parts.next()??, parts.next()??);
    let patch = match parts.next() {
        Some(patch) => Some(patch?),
        None => None,
    };
    (major == 3 && parts.next().is_none()).then_some((minor, patch))
}

impl Wanted {
    /// Returns whether a version is among those that may be selected.
    pub(super) fn matches(self, version: Version) -> bool {
        let (major, minor, patch) = version;
        let from = |(of, least): Point| (minor, patch) >= (of, least.unwrap_or(0));
        let to = |(of, most): Point| (minor, patch) <= (of, most.unwrap_or(u32::MAX));
        major == 3
            && match self {
                Wanted::All | Wanted::Newest => true,
                Wanted::One(point) => from(point) && to(point),
                Wanted::Range(low, high) => low.is_none_or(from) && high.is_none_or(to),
            }
    }

    /// Returns the indices of the selected ones of `versions`, which are sorted.
    pub(super) fn pick(self, versions: &[Version]) -> Vec<usize> {
        let mut matching = (0..versions.len()).filter(|&at| self.matches(versions[at]));
        match self {
            Wanted::All => matching.collect(),
            Wanted::Newest | Wanted::One(_) => matching.next_back().into_iter().collect(),
            Wanted::Range(..) => {
                let matching: Vec<usize> = matching.collect();
                let minors = matching.chunk_by(|&a, &b| versions[a].1 == versions[b].1);
                minors.filter_map(|minor| minor.last().copied()).collect()
            }
        }
    }
}

/// What was not found: `3.13 `, or nothing.
impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let write = |f: &mut fmt::Formatter<'_>, (minor, patch): Point| match patch {
            Some(patch) => write!(f, "3.{minor}.{patch}"),
            None => write!(f, "3.{minor}"),
        };
        match *self {
            Wanted::All | Wanted::Newest => f.write_str("with a dialect "),
            Wanted::One(point) => write(f, point).and_then(|()| f.write_str(" ")),
            Wanted::Range(low, high) => {
                low.map_or(Ok(()), |low| write(f, low))?;
                f.write_str("..")?;
                high.map_or(Ok(()), |high| write(f, high))?;
                f.write_str(" ")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUND: [Version; 6] = [(2, 7, 18), (3, 9, 1), (3, 9, 25), (3, 12, 3), (3, 13, 0), (3, 13, 18)];

    fn picked(text: &str) -> Vec<Version> {
        text.parse::<Wanted>().unwrap().pick(&FOUND).into_iter().map(|at| FOUND[at]).collect()
    }

    #[test]
    fn versions_and_ranges_select_the_newest_patch_level_of_each_minor_version() {
        assert_eq!(picked("3.9"), [(3, 9, 25)]);
        assert_eq!(picked("3.9.1"), [(3, 9, 1)]);
        assert_eq!(picked("3.9.."), [(3, 9, 25), (3, 12, 3), (3, 13, 18)]);
        assert_eq!(picked("3.9..3.12"), [(3, 9, 25), (3, 12, 3)]);
        assert_eq!(picked("..3.9.1"), [(3, 9, 1)]);
        assert_eq!(picked("3.13.0..3.13.5"), [(3, 13, 0)]);
        assert_eq!((picked("newest"), picked("3")), (vec![(3, 13, 18)], vec![(3, 13, 18)]));
        assert_eq!(picked("all"), FOUND[1..]);
        assert_eq!(picked("3.10..3.11"), []);
    }

    #[test]
    fn anything_else_is_an_error_that_lists_the_spellings() {
        for bad in ["", "python3", "3.x", "2.7", "3.9.1.1", "3.9-3.12", "x.."] {
            let why = bad.parse::<Wanted>().unwrap_err();
            assert!(why.contains("3.9..3.12"), "{bad}: {why}");
        }
    }
}
