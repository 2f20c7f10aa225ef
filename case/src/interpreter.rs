//! The dialect of an interpreter.

use std::fmt;

use sre_compiler::Dialect;
use sre_support::visible::Shown;

use crate::wire::InterpreterInfo;

/// Why an interpreter is not supported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unsupported {
    /// Not CPython.
    Implementation(String),
    /// Below 3.8, or too new to be known.
    Version(u32, u32, u32),
    /// A known version with a different `_sre.MAGIC`, that is, a modified build.
    Magic {
        /// The actual value.
        found: u32,
        /// The value of the official release.
        expected: u32,
    },
    /// A known version with a different Unicode version.
    Unicode {
        /// The actual value.
        found: String,
        /// The value of the official release.
        expected: String,
    },
}

impl InterpreterInfo {
    /// Returns the dialect of the interpreter.
    ///
    /// # Errors
    /// If there is none, or the interpreter's details do not match its version.
    pub fn dialect(&self) -> Result<Dialect, Unsupported> {
        let (major, minor, patch) = self.version;
        if self.implementation != "cpython" {
            return Err(Unsupported::Implementation(self.implementation.clone()));
        }
        let dialect =
            Dialect::from_version(major, minor, patch).ok_or(Unsupported::Version(major, minor, patch))?;
        if self.magic != dialect.magic() {
            return Err(Unsupported::Magic { found: self.magic, expected: dialect.magic() });
        }
        let expected = dialect.unicode().name().to_owned();
        if self.unidata != expected {
            return Err(Unsupported::Unicode { found: self.unidata.clone(), expected });
        }
        Ok(dialect)
    }

    /// Returns the dialect of the interpreter, or the nearest one for an interpreter that has none,
    /// such as an alpha version or another implementation.
    pub fn nearest_dialect(&self) -> Dialect {
        nearest_dialect(self.version)
    }

    /// Returns the version: `3.13.0`, or `3.15.0 (candidate)` before the release; of another
    /// implementation with its name: `pypy 3.9.16`.
    pub fn label(&self) -> String {
        let (major, minor, patch) = self.version;
        let name = match self.implementation.as_str() {
            "cpython" => String::new(),
            name => format!("{} ", name.shown()),
        };
        match self.level.as_str() {
            "final" => format!("{name}{major}.{minor}.{patch}"),
            level => format!("{name}{major}.{minor}.{patch} ({})", level.shown()),
        }
    }
}

/// Returns the dialect of a version of CPython, or the nearest one.
pub fn nearest_dialect(version: (u32, u32, u32)) -> Dialect {
    let (major, minor, patch) = version;
    let newest = Dialect::previews().next_back().unwrap_or_default();
    let oldest = Dialect::all().next().unwrap_or_default();
    let nearest = if version < oldest.min_version() { oldest } else { newest };
    Dialect::from_version(major, minor, patch).unwrap_or(nearest)
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unsupported::Implementation(name) => write!(f, "{} is not CPython", name.shown()),
            Unsupported::Version(3, minor, _) if *minor >= 8 => {
                write!(f, "too new: up to {} is known", Dialect::default())
            }
            Unsupported::Version(..) => f.write_str("too old: 3.8 and later are supported"),
            Unsupported::Magic { found, expected } => {
                write!(f, "its _sre.MAGIC is {found} where this version should have {expected}")
            }
            Unsupported::Unicode { found, expected } => {
                write!(
                    f,
                    "its Unicode version is {} where this version should have {expected}",
                    found.shown()
                )
            }
        }
    }
}

impl std::error::Error for Unsupported {}

/// Returns the version in a [label](InterpreterInfo::label), such as that of `PyPy 3.9.16 (alpha)`.
pub fn version_of_label(label: &str) -> Option<(u32, u32, u32)> {
    label.split(' ').find_map(|word| {
        let numbers: Vec<u32> = word.split('.').map(|number| number.parse().ok()).collect::<Option<_>>()?;
        <[u32; 3]>::try_from(numbers).ok().map(<(u32, u32, u32)>::from)
    })
}

#[cfg(test)]
mod tests {
    use super::version_of_label;

    #[test]
    fn labels_of_interpreters_have_a_version() {
        for (label, version) in [
            ("3.13.0", Some((3, 13, 0))),
            ("PyPy 3.9.16", Some((3, 9, 16))),
            ("3.15.0 (candidate)", Some((3, 15, 0))),
            ("embedded", None),
        ] {
            assert_eq!(version_of_label(label), version, "{label}");
        }
    }
}
