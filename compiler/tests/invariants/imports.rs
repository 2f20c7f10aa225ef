//! Finds the files that a file imports from.
//!
//! Only paths are looked at, as they are written: `use` items, and paths in code that begin with
//! `crate` or `super`. Calling a method is no import, wherever it is defined.

use std::collections::BTreeSet;

use crate::sources::Source;

/// Returns the names of the files that `source` imports from, among `files`.
pub(crate) fn imports(source: &Source, files: &BTreeSet<&str>) -> BTreeSet<String> {
    let code = source.code();
    // A test module may import what it likes.
    let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let here = module(&source.name);
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(|c: char| c.is_ascii_alphabetic()) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &code[at..];
        let is_use = code[..at].ends_with("use ");
        if is_use || rest.starts_with("crate::") || rest.starts_with("super::") {
            for path in expand(rest) {
                found.extend(resolve(&here, &path, files).filter(|file| *file != source.name));
            }
        }
    }
    found
}

/// Returns the module that a file holds: `parser/append.rs` is `parser::append`, `parser/mod.rs` is
/// `parser`.
fn module(file: &str) -> Vec<String> {
    let stem = file.strip_suffix(".rs").unwrap();
    let stem = if stem == "lib" { "" } else { stem.strip_suffix("/mod").unwrap_or(stem) };
    // `#[path]` puts the tables there.
    stem.replace("/generated/", "/").split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Returns the file of the innermost module on a path, if the path is one of this crate.
fn resolve(here: &[String], path: &[String], files: &BTreeSet<&str>) -> Option<String> {
    let mut absolute = here.to_vec();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => {
            absolute.clear();
            rest = &path[1..];
        }
        "self" => rest = &path[1..],
        "super" => {
            while rest.first().is_some_and(|part| part == "super") {
                absolute.pop();
                rest = &rest[1..];
            }
        }
        _ => {}
    }
    let is_relative = rest.len() == path.len();
    let mut file = (!is_relative).then(|| file_of(&absolute, files)).flatten();
    for part in rest {
        absolute.push(part.clone());
        let Some(inner) = file_of(&absolute, files) else { break };
        file = Some(inner);
    }
    file
}

fn file_of(module: &[String], files: &BTreeSet<&str>) -> Option<String> {
    files.iter().find(|file| self::module(file) == module).map(|file| (*file).to_owned())
}

/// Returns every path of the path tree that a text begins with: of `a::{b, c::d}` these are `a::b`
/// and `a::c::d`.
fn expand(text: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    tree(text, &[], &mut paths);
    paths
}

/// Reads one path tree, adds its paths, and returns the text after it.
fn tree<'t>(text: &'t str, prefix: &[String], paths: &mut Vec<Vec<String>>) -> &'t str {
    let mut path = prefix.to_vec();
    let mut rest = text.trim_start();
    loop {
        if let Some(inner) = rest.strip_prefix('{') {
            rest = inner.trim_start();
            while !rest.starts_with('}') {
                rest = tree(rest, &path, paths).trim_start();
                rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
                assert!(!rest.is_empty(), "a group of imports without its end: {text}");
            }
            return &rest[1..];
        }
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*').unwrap_or(rest.len());
        path.push(rest[..length].to_owned());
        rest = &rest[length..];
        match rest.strip_prefix("::") {
            Some(after) if after.starts_with(|c: char| c.is_alphanumeric() || "_{*".contains(c)) => {
                rest = after
            }
            _ => break,
        }
    }
    paths.push(path);
    // `as name`
    match rest.strip_prefix(" as ") {
        Some(name) => name.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'),
        None => rest,
    }
}

#[test]
fn import_paths_are_expanded() {
    let shown = |text| expand(text).iter().map(|path| path.join("::")).collect::<Vec<_>>();
    assert_eq!(shown("crate::a::B;"), ["crate::a::B"]);
    assert_eq!(
        shown("super::{a, b::{self, C as D},\n e::*,\n};"),
        ["super::a", "super::b::self", "super::b::C", "super::e::*"]
    );
    assert_eq!(shown("crate::a::b(c)"), ["crate::a::b"]);
}

#[test]
fn imports_are_resolved_to_files() {
    let files = BTreeSet::from(["lib.rs", "a.rs", "b/mod.rs", "b/c.rs", "b/d.rs"]);
    let of = |name: &str, text: &str| {
        let source = Source { name: name.to_owned(), text: text.to_owned() };
        imports(&source, &files).into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        of("b/c.rs", "use super::d::X;\nuse crate::a::{self, Y};\n// use crate::b::Z;"),
        "a.rs b/d.rs"
    );
    assert_eq!(of("b/mod.rs", "mod c;\npub(crate) use c::X;\nuse core::fmt;"), "b/c.rs");
    assert_eq!(of("a.rs", "fn f() -> crate::b::X { crate::b::d::f() }"), "b/d.rs b/mod.rs");
    assert_eq!(of("b/d.rs", "use super::X;\n#[cfg(test)]\nmod tests {\n    use super::c::Y;\n}"), "b/mod.rs");
}
