//! Commands to paste, which work in any folder: they run programs of this checkout, not installed ones.

use std::path::Path;

use sre_case::Case;
use sre_compiler::Flags;
use sre_oracle::shell::quote;

use crate::run::Interpreter;

/// Returns `cargo run` for a program of this workspace, up to the `--` before its arguments.
fn cargo_run(package: &str, program: &str) -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = here.parent().unwrap_or(here).join("Cargo.toml");
    let manifest = quote(&manifest.to_string_lossy());
    // With the features of this build: without an interpreter to link, the default features do not build.
    let features = if cfg!(feature = "embedded") { "" } else { " --no-default-features" };
    format!("cargo run --quiet --manifest-path {manifest} --package {package}{features} --bin {program} --")
}

/// Returns the command `sre`.
pub(crate) fn sre() -> String {
    cargo_run("sre-cli", "sre")
}

/// Returns the command that replays a file with a target.
pub(crate) fn replay(target: &str, file: &Path) -> String {
    format!("{} {}", cargo_run("sre-fuzz", target), quote(&file.to_string_lossy()))
}

/// Returns the argument of `--pythons` for the interpreter at a path, or for the linked one.
pub(crate) fn interpreter(path: Option<&Path>) -> String {
    path.map_or("embedded".to_owned(), |path| path.to_string_lossy().into_owned())
}

/// Returns the command that compiles a case with an interpreter itself.
pub(crate) fn python(python: &Interpreter, case: &Case) -> String {
    let path = python.path.as_deref().unwrap_or(Path::new("python3"));
    let case = Case { text: case.text.clone(), flags: case.flags | Flags::DEBUG };
    format!("{} -I -c {}", quote(&path.to_string_lossy()), quote(&format!("import re; {case:?}")))
}
