//! Commands to paste, which work in any folder: they run what this checkout is built to, not what is installed.

use std::path::Path;

use sre_case::Case;
use sre_compiler::Flags;
use sre_oracle::shell::quote;

use crate::run::Interpreter;

/// `cargo run` of a package of this workspace, up to what cargo passes on.
fn cargo_run(package: &str, program: &str) -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = here.parent().unwrap_or(here).join("Cargo.toml");
    let manifest = quote(&manifest.to_string_lossy());
    // Built as this is: without an interpreter to link, the default features do not build.
    let features = if cfg!(feature = "embedded") { "" } else { " --no-default-features" };
    format!("cargo run --quiet --manifest-path {manifest} --package {package}{features} --bin {program} --")
}

/// The command `sre`.
pub(crate) fn sre() -> String {
    cargo_run("sre-cli", "sre")
}

/// What replays a file with a target.
pub(crate) fn replay(target: &str, file: &Path) -> String {
    format!("{} {}", cargo_run("sre-fuzz", target), quote(&file.to_string_lossy()))
}

/// What `--pythons` takes for the interpreter at a path; without one, the linked interpreter is all there is.
pub(crate) fn interpreter(path: Option<&Path>) -> String {
    path.map_or("embedded".to_owned(), |path| path.to_string_lossy().into_owned())
}

/// What shows what an interpreter itself makes of a case.
pub(crate) fn python(python: &Interpreter, case: &Case) -> String {
    let path = python.path.as_deref().unwrap_or(Path::new("python3"));
    let case = Case { text: case.text.clone(), flags: case.flags | Flags::DEBUG };
    format!("{} -I -c {}", quote(&path.to_string_lossy()), quote(&format!("import re; {case:?}")))
}
