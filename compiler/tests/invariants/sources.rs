//! The source files of this crate.

use std::fs;
use std::path::Path;

/// A source file.
pub(crate) struct Source {
    /// Its path below `src`, with slashes.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Returns every source file of the crate, sorted by name, including the generated ones.
pub(crate) fn sources() -> Vec<Source> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<Source>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let parts = path.strip_prefix(root).unwrap().iter();
                let name = parts.map(|part| part.to_str().unwrap()).collect::<Vec<_>>().join("/");
                found.push(Source { name, text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &root, &mut found);
    found.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(found.len() > 20, "only {} files below {}", found.len(), root.display());
    found
}

impl Source {
    pub(crate) fn is_generated(&self) -> bool {
        self.name.contains("/generated/")
    }

    /// Returns the text without comments. A `//` in a string counts as a comment, too.
    pub(crate) fn code(&self) -> String {
        self.text
            .lines()
            .map(|line| line.split("//").next().unwrap_or_default())
            .collect::<Vec<_>>()
            .join("\n")
    }
}
