//! Environment variables.

use std::env;
use std::ffi::OsString;

/// Returns the value of an environment variable. An empty one counts as not set: `NAME= command` is
/// how a shell takes a setting back for one command.
pub fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// Returns the value of the first of these variables that is set, with its name. Bytes that are not
/// UTF-8 are replaced.
pub fn first_variable(names: &[&'static str]) -> Option<(&'static str, String)> {
    names.iter().find_map(|&name| Some((name, variable(name)?.to_string_lossy().into_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        // cargo sets both, and this version has no part for a pre-release.
        let (empty, set) = ("CARGO_PKG_VERSION_PRE", "CARGO_PKG_NAME");
        assert_eq!(env::var_os(empty), Some(OsString::new()));
        assert_eq!((variable(empty), variable(set)), (None, Some("sre-support".into())));
        assert_eq!(first_variable(&[empty, set]), Some((set, "sre-support".to_owned())));
    }
}
