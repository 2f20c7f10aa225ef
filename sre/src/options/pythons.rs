//! `--pythons`: the interpreters to run.

use std::path::Path;

use anyhow::{Result, anyhow, bail};
use clap::Args;
use sre_oracle::Reference;
use sre_oracle::pythons::{Allowed, Python};

use crate::interpreters::{self, default_reference, name, select};

/// The option that selects interpreters.
#[derive(Args, Default)]
pub(crate) struct Pythons {
    /// Interpreters to run, separated by commas: `3.13.0`, `3.13` (the newest 3.13 found), ranges
    /// `3.9..` and `3.9..3.12`, `newest`, `all`, `embedded`, `none` where one is optional, or
    /// paths. May be repeated. [default: embedded, or else newest]
    #[arg(long, visible_alias = "python", value_name = "LIST")]
    pythons: Vec<String>,
}

/// Returns the argument with another default in its help.
pub(crate) fn with_default(argument: clap::Arg, default: &str) -> clap::Arg {
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let (help, _) = help.split_once(" [default").unwrap_or((&help, ""));
    argument.help(format!("{help} [default: {default}]"))
}

impl Pythons {
    /// Returns whether no interpreters were given.
    pub(crate) fn is_empty(&self) -> bool {
        self.pythons.is_empty()
    }

    /// Returns what the lists contain. A path may contain a comma: a value that is the path of a
    /// file is not split.
    fn names(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for value in &self.pythons {
            if value.contains(['/', '\\']) && Path::new(value).exists() {
                names.push(value.clone());
                continue;
            }
            for name in value.split(',').map(str::trim) {
                if name.is_empty() {
                    bail!("--pythons {value:?}: an entry of the list is empty");
                }
                names.push(name.to_owned());
            }
        }
        Ok(names)
    }

    /// Returns the requested interpreters, or the default one.
    pub(crate) fn references(&self, allowed: Allowed) -> Result<Vec<Reference>> {
        if self.pythons.is_empty() {
            return Ok(vec![default_reference()?]);
        }
        let names = self.names()?;
        if names.iter().any(|name| name == "none") {
            bail!("--pythons none: this command needs an interpreter; `sre pythons` lists those found");
        }
        let (embedded, others): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name == "embedded");
        let mut references = Vec::new();
        if !embedded.is_empty() {
            references.push(interpreters::embedded()?);
        }
        if !others.is_empty() {
            references.extend(select(&others, allowed)?.into_iter().map(Reference::Python));
        }
        Ok(references)
    }

    /// Returns the requested interpreter; without the option, the default one if any exists; `None`
    /// if none is wanted.
    pub(crate) fn reference(&self, allowed: Allowed) -> Result<Option<Reference>> {
        if self.pythons.is_empty() {
            return Ok(default_reference().ok());
        }
        if self.names()? == ["none"] {
            return Ok(None);
        }
        let labels = |references: &[Reference]| references.iter().map(name).collect();
        single(self.references(allowed)?, labels).map(Some)
    }

    /// Returns the requested interpreters, all of them by default. The embedded one cannot be asked
    /// for.
    pub(crate) fn or_all(&self) -> Result<Vec<Python>> {
        let allowed = Allowed::Imitated;
        if self.pythons.is_empty() { select(&["all".to_owned()], allowed) } else { self.found(allowed) }
    }

    /// Returns the single requested interpreter; `None` without the option.
    pub(crate) fn one(&self, allowed: Allowed) -> Result<Option<Python>> {
        if self.pythons.is_empty() {
            return Ok(None);
        }
        let labels = |pythons: &[Python]| pythons.iter().map(|python| python.info.label()).collect();
        single(self.found(allowed)?, labels).map(Some)
    }

    fn found(&self, allowed: Allowed) -> Result<Vec<Python>> {
        let names = self.names()?;
        if let Some(name) = names.iter().find(|name| ["embedded", "none"].contains(&name.as_str())) {
            bail!("--pythons {name}: this command starts interpreters as processes of their own");
        }
        select(&names, allowed)
    }
}

/// Returns the only element.
fn single<T>(all: Vec<T>, labels: impl Fn(&[T]) -> Vec<String>) -> Result<T> {
    <[T; 1]>::try_from(all).map(|[one]| one).map_err(|all| {
        anyhow!("--pythons: one interpreter is expected, not {}: {}", all.len(), labels(&all).join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(values: &[&str]) -> Result<Vec<String>> {
        Pythons { pythons: values.iter().map(|value| (*value).to_owned()).collect() }.names()
    }

    #[test]
    fn lists_are_trimmed_and_may_be_repeated() {
        assert_eq!(names(&["3.13, 3.12", "3.9..", "all"]).unwrap(), ["3.13", "3.12", "3.9..", "all"]);
        assert!(names(&["3.13,,3.12"]).is_err());
        assert!(names(&[""]).is_err());
    }

    #[test]
    fn the_path_of_a_file_may_contain_commas() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a, b");
        std::fs::write(&file, "").unwrap();
        let file = file.to_str().unwrap();
        assert_eq!(names(&[file, "3.13,./no such"]).unwrap(), [file, "3.13", "./no such"]);
    }
}
