//! Lists and ranges of CPython versions: parsing and naming them.

use std::fmt;

use sre_compiler::Dialect;

/// A minor version, or a range of its patch levels with one dialect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Version {
    /// Its dialect.
    pub dialect: Dialect,
    /// 13 for 3.13.
    minor: u32,
    /// The first patch level; `None` for the whole minor version, or a range from its start.
    first: Option<u32>,
    /// The last patch level; `None` for the newest.
    last: Option<u32>,
}

/// Error returned by [`parse_versions`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadVersions(String);

impl fmt::Display for BadVersions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadVersions {}

/// A version in a list, where the patch level is optional.
type Point = (u32, Option<u32>);

/// Parses a list such as `3.9,3.12`, `3.8..3.13`, `3.11..`, `..3.10` or `all`.
///
/// A minor version stands for its newest known patch level, or, with `all_patches`, for each of its
/// dialects. `3.13.0` stands for that patch level. A version that is not yet released, such as
/// `3.16`, is only included if it is named.
///
/// # Errors
/// If an item is invalid, or not a known version.
pub fn parse_versions(list: &str, all_patches: bool) -> Result<Vec<Version>, BadVersions> {
    let mut versions: Vec<Version> = Vec::new();
    for item in list.split(',').map(str::trim) {
        let bad = |why: &str| BadVersions(format!("{item:?}: {why}"));
        let (low, high) = match item.split_once("..") {
            _ if item == "all" => (oldest(), newest()),
            Some((low, high)) => (
                if low.is_empty() { oldest() } else { point(low).map_err(|why| bad(&why))? },
                if high.is_empty() { newest() } else { point(high).map_err(|why| bad(&why))? },
            ),
            None => point(item).map(|point| (point, point)).map_err(|why| bad(&why))?,
        };
        if (high.0, high.1.unwrap_or(u32::MAX)) < (low.0, low.1.unwrap_or(0)) {
            return Err(bad("the last version is older than the first"));
        }
        for minor in low.0..=high.0 {
            let from = low.1.filter(|_| minor == low.0).unwrap_or(0);
            let to = high.1.filter(|_| minor == high.0);
            versions.extend(minor_versions(minor, from, to, all_patches));
        }
    }
    let start = |version: &Version| (version.minor, version.dialect.min_version(), version.first);
    versions.sort_by_key(|version| (start(version), version.last.unwrap_or(u32::MAX)));
    versions.dedup();
    Ok(versions)
}

/// Returns the versions of one minor version between two patch levels.
fn minor_versions(minor: u32, from: u32, to: Option<u32>, all_patches: bool) -> Vec<Version> {
    if !all_patches {
        let dialect =
            to.map_or_else(|| Dialect::latest_patch(3, minor), |to| Dialect::from_version(3, minor, to));
        return dialect.map(|dialect| Version { dialect, minor, first: to, last: to }).into_iter().collect();
    }
    let known = Dialect::all().chain(Dialect::previews());
    let rows: Vec<Dialect> = known.filter(|row| row.min_version().1 == minor).collect();
    let ends = rows.iter().skip(1).map(|next| Some(next.min_version().2 - 1)).chain([None]);
    let row_version = |(&dialect, end): (&Dialect, Option<u32>)| {
        let first = dialect.min_version().2.max(from);
        let last = match (end, to) {
            (Some(end), Some(to)) => Some(end.min(to)),
            (end, to) => end.or(to),
        };
        let whole = last.is_none_or(|last| first <= last);
        whole.then_some(Version { dialect, minor, first: (first > 0).then_some(first), last })
    };
    rows.iter().zip(ends).filter_map(row_version).collect()
}

fn oldest() -> Point {
    (Dialect::all().next().unwrap_or_default().min_version().1, None)
}

fn newest() -> Point {
    (Dialect::default().min_version().1, None)
}

fn point(text: &str) -> Result<Point, String> {
    text.parse::<Dialect>().map_err(|unknown| unknown.to_string())?;
    let mut parts = text.split('.').skip(1).map_while(|part| part.parse().ok());
    Ok((parts.next().unwrap_or_default(), parts.next()))
}

impl Version {
    /// Returns its name at the start of a range.
    fn start(&self) -> String {
        match self.first {
            Some(patch) => format!("3.{}.{patch}", self.minor),
            None => format!("3.{}", self.minor),
        }
    }

    /// Returns its name at the end of a range.
    fn end(&self) -> String {
        match self.last {
            Some(patch) => format!("3.{}.{patch}", self.minor),
            None => format!("3.{}", self.minor),
        }
    }

    /// Returns whether `next` starts where this version ends.
    fn is_followed_by(&self, next: &Version) -> bool {
        match self.last.zip(next.first) {
            Some((last, first)) if next.minor == self.minor => first == last + 1,
            _ => next.minor == self.minor + 1,
        }
    }

    fn is_newest(&self) -> bool {
        self.last.is_none() && self.dialect == Dialect::default()
    }
}

/// `3.13`, or `3.13.0`.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&label(std::slice::from_ref(self), false))
    }
}

/// Returns the name of several versions, in order: `3.8 to 3.10`, `3.11 and later`, `3.9, 3.12`.
///
/// With `began_later`, a run up to the newest version ends in `and later`: it started after the
/// first version of the list.
pub fn label(versions: &[Version], began_later: bool) -> String {
    let mut parts = Vec::new();
    for run in versions.chunk_by(Version::is_followed_by) {
        let [first, ..] = run else { continue };
        let last = &run[run.len() - 1];
        // A run that ends within its first minor version starts with a patch level.
        let inside = last.minor == first.minor && first.first.is_none() && last.last.is_some();
        let start = if inside { format!("3.{}.0", first.minor) } else { first.start() };
        let whole = first.minor == last.minor && first.first.is_none() && last.last.is_none();
        parts.push(match last.end() {
            _ if began_later && last.is_newest() && run.len() > 1 => format!("{start} and later"),
            end if start == end || whole => end,
            _ if first.minor == last.minor && last.last.is_none() => {
                format!("{start} and later 3.{}", last.minor)
            }
            end => format!("{start} to {end}"),
        });
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &str, all_patches: bool) -> String {
        let versions = parse_versions(list, all_patches).unwrap();
        versions.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn lists_and_ranges_name_versions() {
        assert_eq!(names("all", false), "3.8|3.9|3.10|3.11|3.12|3.13|3.14|3.15");
        assert_eq!(names("3.12,3.9", false), "3.9|3.12");
        assert_eq!(names("..3.9,3.14..", false), "3.8|3.9|3.14|3.15");
        assert_eq!(names("3.12..3.13.0, 3.13", false), "3.12|3.13.0|3.13");
        assert_eq!(names("3.13", true), "3.13.0|3.13.1 to 3.13.12|3.13.13 and later 3.13");
        assert_eq!(
            names("3.13.2..3.14.1", true),
            "3.13.2 to 3.13.12|3.13.13 and later 3.13|3.14.0 to 3.14.1"
        );
        assert_eq!(names("3.8,3.8..3.8", false), "3.8");
    }

    #[test]
    fn a_preview_has_to_be_named() {
        assert_eq!(names("3.15..", false), "3.15");
        assert_eq!(names("3.15..3.16", false), "3.15|3.16");
        assert_eq!(names("3.16", true), "3.16");
    }

    #[test]
    fn invalid_versions_are_rejected() {
        for bad in ["", "3", "3.7", "3.99", "3.12..3.9", "3.9-3.12", "3.13.0.1"] {
            assert!(parse_versions(bad, false).is_err(), "{bad}");
        }
    }

    #[test]
    fn runs_of_versions_are_named_by_their_ends() {
        let all = parse_versions("all", false).unwrap();
        assert_eq!(label(&all, false), "3.8 to 3.15");
        assert_eq!(label(&all[3..], true), "3.11 and later");
        assert_eq!(label(&all[7..], true), "3.15");
        assert_eq!(label(&[all[1], all[4]], false), "3.9, 3.12");
        let rows = parse_versions("3.12..3.14", true).unwrap();
        assert_eq!(label(&rows[..4], false), "3.12 to 3.13.0");
        assert_eq!(label(&rows[4..6], true), "3.13.1 and later 3.13");
        assert_eq!(label(&rows, false), "3.12 to 3.14");
    }
}
