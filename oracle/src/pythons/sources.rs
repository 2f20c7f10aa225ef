//! The sources of an interpreter's `re`: whether they are of a version that was compared.

use std::fmt;

use sre_case::wire::InterpreterInfo;
use sre_compiler::Dialect;
use sre_support::fnv::fnv1a;

/// Reads the sources of the modules in `MODULES`, each byte a character.
const FUNCTION: &str = r#"
def sources():
    import sys
    names = [names for minor, names in MODULES if minor <= sys.version_info[1]][-1]
    try:
        specs = [__import__(name, fromlist=["_"]).__spec__ for name in names]
        return b"".join(spec.loader.get_data(spec.origin) for spec in specs).decode("latin-1")
    except (ImportError, AttributeError, OSError):
        return None
"#;

/// A minor version that is newer than any with other modules.
const NEWER: u32 = 100;

/// Returns the definition of a Python function `sources`, whose result [`hash`] takes. It has the
/// modules of [`Dialect::source_modules`] from each minor version on that has others than the one
/// before it.
pub(crate) fn function() -> String {
    let mut modules: Vec<_> = (0..NEWER).map(|minor| (minor, Dialect::source_modules(minor))).collect();
    modules.dedup_by_key(|(_, names)| *names);
    let modules = modules.iter().map(|(minor, names)| format!("({minor}, {names:?}), "));
    format!("MODULES = [{}]{FUNCTION}", modules.collect::<String>())
}

/// Returns the hash of sources, as [`Dialect::with_sources`] takes it.
pub(crate) fn hash(sources: &str) -> u64 {
    fnv1a(sources.chars().map(|c| c as u8))
}

/// Returns whether an interpreter has a dialect, but sources of no known version, or of one with
/// another dialect.
pub(super) fn are_unknown(info: &InterpreterInfo, hash: Option<u64>) -> bool {
    let Ok(dialect) = info.dialect() else { return false };
    hash.is_some_and(|hash| Dialect::with_sources(info.version, hash) != Some(dialect))
}

/// Returns what to say of an interpreter that is compared, if its compiler was never compared with
/// sre-compiler. `place` says where it is.
pub(crate) fn warning(info: &InterpreterInfo, hash: Option<u64>, place: impl fmt::Display) -> Option<String> {
    are_unknown(info, hash).then(|| {
        format!(
            "Python {}, {place}: its sources of re are of no version that sre-compiler was compared with, so what \
             it answers may be new (see `sre pythons`)",
            info.label()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_has_the_modules_of_each_version() {
        let function = function();
        let older =
            r#"(0, ["re", "sre_compile", "sre_parse", "sre_constants"]), (11, ["re", "re._compiler","#;
        assert!(function.starts_with(&format!("MODULES = [{older}")), "{function}");
    }
}
