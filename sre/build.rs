//! Writes down the commit, for `sre --version`, and lets the command find the interpreter that is linked.

use std::fs;
use std::path::Path;
use std::process::Command;

/// What the program is made of, from this folder.
const SOURCES: [&str; 10] = [
    ".",
    "../case",
    "../check",
    "../compiler",
    "../coverage",
    "../generate",
    "../memory",
    "../oracle",
    "../report",
    "../support",
];

fn main() {
    #[cfg(feature = "embedded")]
    pyo3_build_config::add_libpython_rpath_link_args();
    println!("cargo::rerun-if-changed=build.rs");
    for path in SOURCES.into_iter().map(|path| format!("{path}/src")).filter(|path| Path::new(path).exists())
    {
        println!("cargo::rerun-if-changed={path}");
    }
    let commit = commit().or_else(packaged_commit);
    println!("cargo::rustc-env=SRE_COMMIT={}", commit.unwrap_or("unknown".to_owned()));
}

/// The commit that is checked out, with `+dirty` if the sources are not as committed; none outside of a repository
/// that holds them. Has cargo ask again once another commit is checked out.
fn commit() -> Option<String> {
    // A tarball may lie in the repository of something else.
    git(&["ls-files", "--error-unmatch", "build.rs"])?;
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let file = |name: &str| git(&["rev-parse", "--git-path", name]);
    watch(&file("HEAD")?);
    // The log of HEAD changes with each commit, and with nothing else, but need not be kept.
    if !watch(&file("logs/HEAD")?) {
        watch(&file("packed-refs")?);
        if let Some(name) = git(&["symbolic-ref", "--quiet", "HEAD"]) {
            watch(&file(&name)?);
        }
    }
    let mut status = vec!["status", "--porcelain", "--"];
    status.extend(SOURCES);
    let is_clean = git(&status)?.is_empty();
    Some(format!("{commit}{}", if is_clean { "" } else { "+dirty" }))
}

/// Returns whether the file is there: for one that is missing, every build would run this again.
fn watch(file: &str) -> bool {
    let is_file = Path::new(file).is_file();
    if is_file {
        println!("cargo::rerun-if-changed={file}");
    }
    is_file
}

/// What git prints; none if it fails, or is not installed.
fn git(arguments: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    // A hook of another repository that builds this has these set.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        git.env_remove(name);
    }
    let output = git.env("GIT_OPTIONAL_LOCKS", "0").args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The commit that `cargo package` was run at.
fn packaged_commit() -> Option<String> {
    let text = fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, after) = text.split_once("\"sha1\": \"")?;
    after.get(..12).map(str::to_owned)
}
