//! Each known divergence has a case in `corpus/known`, and is still one.
#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::path::{Path, PathBuf};
use std::process::Command;

use sre_case::{Oracle, corpus};
use sre_oracle::{Embedded, Known, RustCompiler, Verdict, compare};

fn known_cases() -> Vec<PathBuf> {
    corpus::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/known")).unwrap()
}

fn known_by_name(file: &Path) -> Option<Known> {
    let name = file.file_stem()?.to_str()?;
    Known::ALL.into_iter().find(|known| name.starts_with(known.name()))
}

#[test]
fn every_kind_has_a_case_but_for_memory() {
    let kinds: Vec<Option<Known>> = known_cases().iter().map(|file| known_by_name(file)).collect();
    assert!(kinds.iter().all(Option::is_some), "a case of corpus/known is named after no known divergence");
    for known in [Known::Nesting, Known::IntDigits] {
        assert!(kinds.contains(&Some(known)), "{known}");
    }
}

#[test]
fn too_deep_for_cpython_is_still_a_divergence() {
    let mut embedded = Embedded::new().unwrap();
    let info = embedded.info().clone();
    let dialect = info.dialect().unwrap();
    for file in known_cases().iter().filter(|file| known_by_name(file) == Some(Known::Nesting)) {
        let case = corpus::read(file).unwrap();
        let (rust, cpython) = (RustCompiler::new(dialect).outcome(&case), embedded.outcome(&case));
        assert!(rust.accepted().is_some(), "{}", file.display());
        let verdict = compare(&case, &info, dialect, &rust, &cpython);
        assert!(matches!(verdict, Verdict::Known(Known::Nesting)), "{}: {verdict:?}", file.display());
    }
}

#[test]
fn the_limit_of_digits_is_a_divergence_only_where_it_is_set() {
    for file in known_cases().iter().filter(|file| known_by_name(file) == Some(Known::IntDigits)) {
        for (setting, status) in [(None, 0), (Some("0"), 3), (Some("640"), 3)] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
            command.args(["compare", "--pythons", "embedded", "--strict-known"]).arg(file);
            command.env_remove("PYTHONINTMAXSTRDIGITS");
            command.envs(setting.map(|setting| ("PYTHONINTMAXSTRDIGITS", setting)));
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(status), "{setting:?}: {output:?}");
        }
    }
}
