//! Selecting the interpreters of a command.

use anyhow::{Result, anyhow};
use sre_oracle::pythons::{Allowed, Python};
use sre_oracle::{Embedded, Reference, pythons};
use sre_support::visible::Shown;

use crate::messages;

/// Selects interpreters, and reports those listed in `SRE_PYTHONS` that do not work, and those whose
/// compiler was never compared.
pub(crate) fn select(wanted: &[String], allowed: Allowed) -> Result<Vec<Python>> {
    let report = |failure: &pythons::Failure| {
        messages::warning(format_args!("SRE_PYTHONS: {failure}; skipped (see `sre pythons`)"));
    };
    let selected = pythons::select_with(wanted, allowed, report).map_err(|why| anyhow!(why))?;
    selected.iter().for_each(|python| warn(python.warning()));
    Ok(selected)
}

/// Returns the interpreter at a path, which may be one that sre-compiler does not imitate, and
/// reports it if its compiler was never compared.
pub(crate) fn at(path: &str) -> Result<Python, String> {
    let python = pythons::at(path)?;
    warn(python.warning());
    Ok(python)
}

/// Returns the embedded interpreter, and reports it if its compiler was never compared.
pub(crate) fn embedded() -> Result<Reference> {
    let embedded =
        Embedded::new().map_err(|why| anyhow!("the embedded interpreter does not start: {why}"))?;
    warn(embedded.warning());
    Ok(Reference::Embedded)
}

fn warn(warning: Option<String>) {
    if let Some(warning) = warning {
        messages::warning(warning);
    }
}

/// Returns the embedded interpreter, or else, with a message, the newest one found.
pub(crate) fn default_reference() -> Result<Reference> {
    if !Embedded::IS_LINKED {
        return newest().map(Reference::Python);
    }
    match embedded() {
        Ok(embedded) => Ok(embedded),
        Err(why) => {
            let newest = newest().map_err(|none| anyhow!("{why}; {none}"))?;
            let (label, path) = (newest.info.label(), newest.path.shown());
            messages::warning(format_args!("{why}; using {label}, {path}"));
            Ok(Reference::Python(newest))
        }
    }
}

fn newest() -> Result<Python> {
    select(&["newest".to_owned()], Allowed::Imitated)?.pop().ok_or_else(|| anyhow!("no Python was found"))
}

/// Returns the name of an interpreter in tables and progress.
pub(crate) fn name(reference: &Reference) -> String {
    match reference {
        Reference::Embedded => "embedded".to_owned(),
        Reference::Python(python) => python.info.label(),
        Reference::Pair(pair) => pair.reference.info.label(),
    }
}
