//! `--target`: the versions of CPython that sre-compiler imitates. No interpreter is run.

use anyhow::{Result, anyhow, bail};
use clap::Args;
use sre_case::{Version, parse_versions};
use sre_compiler::Dialect;
use sre_oracle::Reference;
use sre_support::visible::Shown;

/// The option that selects the version to compile as. `--dialect` is its former name.
#[derive(Args, Clone, Copy)]
pub(crate) struct Target {
    /// Compile as this version of CPython, whichever interpreter is compared with: `3.13.0`, or
    /// `3.13` for its newest known patch level. [default: the version of the interpreter]
    #[arg(long, alias = "dialect", value_name = "VERSION", value_parser = one_version)]
    target: Option<Dialect>,
}

/// Adapts the option to a verb that runs no interpreter. `--python` is the documented name there of
/// the interface for other programs.
pub(crate) fn newest_by_default(argument: clap::Arg) -> clap::Arg {
    argument.visible_alias("python").help(
        "Compile as this version of CPython: `3.13.0`, or `3.13` for its newest known patch level \
         [default: newest]",
    )
}

fn one_version(text: &str) -> Result<Dialect, String> {
    let text = text.trim();
    if text.contains([',']) || text.contains("..") || text == "all" {
        return Err("one version is expected; `sre check --target` takes several".to_owned());
    }
    text.parse::<Dialect>().map_err(|why| why.to_string())
}

impl Target {
    /// Returns the requested dialect, or the newest one.
    pub(crate) fn or_newest(self) -> Dialect {
        self.target.unwrap_or_default()
    }

    /// Returns the requested dialect.
    pub(crate) fn dialect(self) -> Option<Dialect> {
        self.target
    }

    /// Refuses an interpreter that sre-compiler does not imitate, unless a version was requested.
    pub(crate) fn check(self, references: &[Reference]) -> Result<()> {
        if self.target.is_some() {
            return Ok(());
        }
        for reference in references {
            let info = reference.info()?;
            if let Err(why) = info.dialect() {
                bail!(
                    "{}: {why}; with --target VERSION sre-compiler is compared with it as that version ({} is the \
                     nearest)",
                    reference.argument().shown(),
                    info.nearest_dialect()
                );
            }
        }
        Ok(())
    }
}

/// The option that selects the versions to compile as. `--pythons` is its former name.
#[derive(Args)]
pub(crate) struct Targets {
    /// Versions of CPython to check, separated by commas: `3.13.0`, `3.13` (its newest known patch
    /// level), ranges `3.9..` and `3.9..3.12`, or `all`. May be repeated. [default: all]
    #[arg(long, alias = "pythons", value_name = "LIST")]
    target: Vec<String>,
}

impl Targets {
    /// Returns the requested versions; `None` if none were.
    pub(crate) fn versions(&self, all_patches: bool) -> Result<Option<Vec<Version>>> {
        if self.target.is_empty() {
            return Ok(None);
        }
        let versions = parse_versions(&self.target.join(","), all_patches);
        versions.map(Some).map_err(|why| anyhow!("--target: {why}"))
    }
}
