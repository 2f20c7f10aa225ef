//! A copy of an interpreter that found on this machine whose compiler of patterns has a defect, so that something
//! really diverges: it takes a literal `q` at the top of a pattern for an `r`, and U+0001 for U+0002.

#![allow(dead_code)] // each test program uses a part of it

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use sre_oracle::pythons;
use sre_oracle::pythons::Python;

const DEFECT: &str = "
_sound_parse = parse
def parse(*args, **kwargs):
    p = _sound_parse(*args, **kwargs)
    wrong = {113: 114, 1: 2}
    p.data = [(op, wrong.get(av, av)) if op is LITERAL else (op, av) for op, av in p.data]
    return p
";

/// A patched interpreter, and the one that it is a copy of.
pub(crate) struct Patched {
    pub(crate) path: PathBuf,
    pub(crate) original: Python,
}

/// Makes one in a folder; none if no interpreter on this machine has its library beside it.
pub(crate) fn patched(folder: &Path) -> Option<Patched> {
    patched_by(folder, DEFECT)
}

/// Makes one with a defect, which is appended to the parser; none if no interpreter on this machine has its library beside it.
pub(crate) fn patched_by(folder: &Path, defect: &str) -> Option<Patched> {
    let mut found = pythons::find().into_iter().rev().filter(|python| python.dialect.is_ok());
    found.find_map(|original| copy(folder, original, defect))
}

/// Makes one of an interpreter; none if that has no library beside it.
pub(crate) fn copy(folder: &Path, original: Python, defect: &str) -> Option<Patched> {
    let (_, minor, _) = original.info.version;
    let name = format!("python3.{minor}");
    let library = original.path.parent()?.parent()?.join("lib").join(&name);
    let (package, file) = if minor >= 11 { ("re", "_parser.py") } else { ("", "sre_parse.py") };
    let source = fs::read_to_string(library.join(package).join(file)).ok()?;
    let (bin, copy) = (folder.join("bin"), folder.join("lib").join(&name));
    fs::create_dir_all(&bin).unwrap();
    fs::create_dir_all(copy.join(package)).unwrap();
    let skipped = if package.is_empty() { file } else { package };
    link_all(&library, &copy, skipped);
    if !package.is_empty() {
        link_all(&library.join(package), &copy.join(package), file);
    }
    fs::write(copy.join(package).join(file), source + defect).unwrap();
    sre_test_support::copy_program(&original.path, &bin.join(&name));
    let found = pythons::probe(&bin.join(&name)).ok()?;
    Some(Patched { path: found.path, original })
}

fn link_all(from: &Path, to: &Path, but: &str) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if ![but, "__pycache__"].iter().any(|name| entry.file_name() == *name) {
            symlink(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}
