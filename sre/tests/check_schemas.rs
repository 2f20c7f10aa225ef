//! What `sre check` writes for other programs, and the files that other programs read, against their schemas.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sre_test_support::{Missing, Prerequisite};

/// The program check-jsonschema, and the schema of SARIF.
fn tools() -> Result<(PathBuf, PathBuf), Missing> {
    let program =
        sre_support::variable("SRE_CHECK_JSONSCHEMA").map_or("check-jsonschema".into(), PathBuf::from);
    let mut version = Command::new(&program);
    let works = version.arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    let schema = std::env::var_os("SRE_SARIF_SCHEMA").map(PathBuf::from).filter(|file| file.is_file());
    Prerequisite::JsonSchema.require(schema.filter(|_| works).map(|schema| (program, schema)))
}

fn validate(program: &Path, schema: &[&str], file: &Path) {
    let output = Command::new(program).args(schema).arg(file).output().unwrap();
    let printed = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&printed));
}

fn sarif_reports_follow_the_schema() -> Result<(), Missing> {
    let (program, schema) = tools()?;
    // One of the schema's own expressions is not one of ECMAScript.
    let schema = ["--regex-variant", "python", "--schemafile", schema.to_str().unwrap()];
    let folder = tempfile::tempdir().unwrap();
    let source = "import re\nre.compile('a++')\nre.compile('(?i)\\u019b')\nre.compile('[[a]')\n";
    fs::write(folder.path().join("a é.py"), source).unwrap();
    fs::write(folder.path().join("b.py"), "import re\n)").unwrap();
    fs::write(folder.path().join("c.py"), "").unwrap();
    for path in [".", "c.py"] {
        let output = Command::new(env!("CARGO_BIN_EXE_sre"))
            .args(["check", "--format", "sarif", path])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let report = folder.path().join("report.sarif");
        fs::write(&report, &output.stdout).unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap().contains("\"ruleId\": \"SRE005\""), path == ".");
        validate(&program, &schema, &report);
    }
    // The schema does refuse.
    let wrong = folder.path().join("wrong.sarif");
    fs::write(&wrong, "{\"version\": \"2.1.0\", \"runs\": [{}]}").unwrap();
    assert!(!Command::new(&program).args(schema).arg(&wrong).output().unwrap().status.success());
    Ok(())
}

fn the_action_follows_the_schema() -> Result<(), Missing> {
    let (program, _) = tools()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    validate(&program, &["--builtin-schema", "vendor.github-actions"], &root.join("action.yml"));
    Ok(())
}

sre_test_support::tests! { sarif_reports_follow_the_schema, the_action_follows_the_schema }
