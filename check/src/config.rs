//! The settings of a project: `[tool.sre]` and `requires-python` in `pyproject.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use pep440_rs::VersionSpecifiers;
use serde::Deserialize;
use sre_case::{Version, parse_versions};
use sre_support::visible::Shown;

use crate::rules::Rule;
use crate::source::{Framework, Selection};

/// The settings of a project.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    /// The folder of the file. Paths and patterns in it are relative to it.
    pub root: PathBuf,
    /// The versions to check, and the setting that names them.
    pub versions: Option<Versions>,
    /// Patterns that replace [`EXCLUDED`](crate::source::EXCLUDED).
    pub exclude: Option<Vec<String>>,
    /// Patterns that are excluded as well.
    pub extend_exclude: Vec<String>,
    /// Rules that are not reported.
    pub ignore: Vec<Rule>,
    /// Rules that are not reported for some files.
    per_file_ignores: Vec<(Selection, Vec<Rule>)>,
    /// The frameworks whose conventions are followed.
    pub frameworks: Vec<Framework>,
    /// The baseline.
    pub baseline: Option<PathBuf>,
}

/// Versions, and where they come from.
#[derive(Clone, Debug)]
pub struct Versions {
    /// As `--pythons` takes them.
    pub list: String,
    /// The name of the setting.
    pub setting: &'static str,
}

#[derive(Deserialize)]
struct PyProject {
    project: Option<Project>,
    tool: Option<Tool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Project {
    requires_python: Option<String>,
}

#[derive(Deserialize)]
struct Tool {
    sre: Option<Sre>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Sre {
    versions: Option<StringOrList>,
    exclude: Option<Vec<String>>,
    extend_exclude: Vec<String>,
    ignore: Vec<String>,
    per_file_ignores: BTreeMap<String, Vec<String>>,
    frameworks: Vec<String>,
    baseline: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum StringOrList {
    String(String),
    List(Vec<String>),
}

impl Config {
    /// Reads the nearest `pyproject.toml` in a folder or above it.
    ///
    /// # Errors
    /// Says what is wrong with the file.
    pub fn find(folder: &Path) -> Result<Config, String> {
        let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        for ancestor in absolute.ancestors() {
            let file = ancestor.join("pyproject.toml");
            if file.is_file() {
                return Config::read(&file);
            }
        }
        Ok(Config { root: folder.to_owned(), ..Config::default() })
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Says what is wrong with the file.
    pub fn read(file: &Path) -> Result<Config, String> {
        let named = |why: &dyn std::fmt::Display| format!("{}: {why}", file.shown());
        let text = fs::read_to_string(file).map_err(|why| named(&why))?;
        let root = file.parent().unwrap_or(Path::new(".")).to_owned();
        Config::parse(&text, root, file).map_err(|why| named(&why))
    }

    fn parse(text: &str, root: PathBuf, file: &Path) -> Result<Config, String> {
        let parsed: PyProject = toml::from_str(text).map_err(|why| why.to_string())?;
        let sre = parsed.tool.and_then(|tool| tool.sre).unwrap_or_default();
        let required = parsed.project.and_then(|project| project.requires_python);
        let versions = match (sre.versions, required) {
            (Some(list), _) => {
                let list = match list {
                    StringOrList::String(list) => list,
                    StringOrList::List(list) => list.join(","),
                };
                parse_versions(&list, false).map_err(|why| format!("[tool.sre] versions: {why}"))?;
                Some(Versions { list, setting: "versions in [tool.sre]" })
            }
            (None, Some(specifiers)) => {
                let list = required_versions(&specifiers)
                    .map_err(|why| format!("requires-python = {specifiers:?}: {why}"))?;
                Some(Versions { list, setting: "requires-python" })
            }
            (None, None) => None,
        };
        let mut per_file_ignores = Vec::new();
        for (pattern, codes) in &sre.per_file_ignores {
            let selection = Selection::new(&root, [pattern.as_str()], false, true)
                .map_err(|why| format!("[tool.sre] per-file-ignores: {why}"))?;
            per_file_ignores.push((selection, all(codes, "per-file-ignores")?));
        }
        Ok(Config {
            versions,
            exclude: sre.exclude,
            extend_exclude: sre.extend_exclude,
            ignore: all(&sre.ignore, "ignore")?,
            per_file_ignores,
            frameworks: all(&sre.frameworks, "frameworks")?,
            baseline: sre.baseline.map(|path| root.join(path)),
            file: Some(file.to_owned()),
            root,
        })
    }

    /// Returns whether a rule is not reported for a file.
    pub fn ignores(&self, rule: Rule, file: &Path) -> bool {
        self.ignore.contains(&rule)
            || self
                .per_file_ignores
                .iter()
                .any(|(selection, rules)| rules.contains(&rule) && selection.names(file))
    }
}

/// Parses the items of a list.
fn all<T: FromStr<Err = String>>(items: &[String], key: &str) -> Result<Vec<T>, String> {
    let parsed = items.iter().map(|item| item.parse());
    parsed.collect::<Result<_, String>>().map_err(|why| format!("[tool.sre] {key}: {why}"))
}

/// Patch levels that are tried: more than any version has.
const PATCHES: u64 = 100;

/// Returns the known versions that specifiers such as `>=3.9,<3.13` allow, as `--pythons` takes
/// them.
fn required_versions(specifiers: &str) -> Result<String, String> {
    let parsed = VersionSpecifiers::from_str(specifiers).map_err(|why| why.to_string())?;
    let known = parse_versions("all", false).map_err(|why| why.to_string())?;
    let mut items = Vec::new();
    for minor in known.iter().map(|version: &Version| version.dialect.min_version().1) {
        let allows = |patch: &u64| parsed.contains(&pep440_rs::Version::new([3, u64::from(minor), *patch]));
        let (Some(first), Some(last)) = ((0..PATCHES).find(allows), (0..PATCHES).rev().find(allows)) else {
            continue;
        };
        items.push(match (first, last == PATCHES - 1) {
            (0, true) => format!("3.{minor}"),
            (first, true) => format!("3.{minor}.{first}..3.{minor}"),
            (first, false) => format!("3.{minor}.{first}..3.{minor}.{last}"),
        });
    }
    if items.is_empty() {
        return Err("it allows no version that is known (3.8 and later)".to_owned());
    }
    Ok(items.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(text, PathBuf::from("/p"), Path::new("/p/pyproject.toml"))
    }

    #[test]
    fn requires_python_names_the_versions() {
        for (specifiers, list) in [
            (">=3.12", "3.12,3.13,3.14,3.15"),
            (">=3.8,<3.11", "3.8,3.9,3.10"),
            (">=3.6, !=3.9.*, <3.11", "3.8,3.10"),
            ("~=3.14", "3.14,3.15"),
            (">=3.14.2", "3.14.2..3.14,3.15"),
            ("==3.9.7", "3.9.7..3.9.7"),
            (">3,<4", "3.8,3.9,3.10,3.11,3.12,3.13,3.14,3.15"),
        ] {
            assert_eq!(required_versions(specifiers).as_deref(), Ok(list), "{specifiers}");
        }
        assert!(required_versions(">=2.7,<3").is_err());
        assert!(required_versions("^3.8").is_err());
    }

    #[test]
    fn settings_are_read() {
        let config = parse(
            "[project]\nrequires-python = '>=3.13'\n[tool.sre]\nversions = ['3.9', '3.12..']\n\
             ignore = ['SRE003']\nframeworks = ['django']\nextend-exclude = ['gen/*.py']\n\
             baseline = 'sre.json'\n[tool.sre.per-file-ignores]\n'tests' = ['SRE001']\n",
        )
        .unwrap();
        assert_eq!(config.versions.as_ref().unwrap().list, "3.9,3.12..");
        assert_eq!(config.baseline.as_deref(), Some(Path::new("/p/sre.json")));
        assert_eq!(config.frameworks, [Framework::Django]);
        assert!(config.ignores(Rule::Warned, Path::new("/p/a.py")));
        assert!(config.ignores(Rule::Refused, Path::new("/p/x/tests/a.py")));
        assert!(!config.ignores(Rule::Refused, Path::new("/p/x/a.py")));
        let config = parse("[project]\nname = 'x'\nrequires-python = '>=3.14'\n[tool.ruff]\n").unwrap();
        assert_eq!(config.versions.unwrap().list, "3.14,3.15");
    }

    #[test]
    fn errors_name_the_key_and_what_is_known() {
        let why = parse("[tool.sre]\nversion = '3.9'\n").unwrap_err();
        assert!(why.contains("version") && why.contains("`versions`"), "{why}");
        let why = parse("[tool.sre]\nignore = ['E501']\n").unwrap_err();
        assert!(why.contains("ignore") && why.contains("SRE001"), "{why}");
        let why = parse("[tool.sre]\nframeworks = ['flask']\n").unwrap_err();
        assert!(why.contains("flask") && why.contains("pygments"), "{why}");
        assert!(parse("[tool.sre]\nversions = '2.7'\n").unwrap_err().contains("versions"));
        assert!(parse("[project]\nrequires-python = '?'\n").unwrap_err().contains("requires-python"));
        assert!(parse("[").is_err());
    }
}
