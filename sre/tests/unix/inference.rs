//! `sre exhaustive` infers answers of interpreters, and verifies the inference.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use sre_oracle::sweep::cases;
use sre_test_support::{Missing, Prerequisite, Trial};

use crate::{common, patched};

fn exhaustive(python: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    command.args(["exhaustive", "--jobs", "1", "--format", "json", "--pythons"]).arg(python);
    command.args(arguments.split(' ')).output().unwrap()
}

/// Returns the results without times, and the number of implied answers.
fn results(output: &Output) -> (Value, u64) {
    let mut all: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let python = all["pythons"][0].as_object_mut().unwrap();
    for time in ["seconds", "cost", "replaced"] {
        python.remove(time);
    }
    let implied = python.remove("implied").map_or(0, |implied| implied.as_u64().unwrap());
    (all, implied)
}

fn inferred_answers_are_those_that_an_interpreter_gives() -> Result<(), Missing> {
    for python in common::pythons()? {
        // As an old version: what differs is found in cases whose answer is implied, too.
        let arguments = "--tokens 2 --target 3.8";
        let (inferred, implied) = results(&exhaustive(&python.path, arguments));
        let (asked, none) = results(&exhaustive(&python.path, &format!("{arguments} --ask-all")));
        assert_eq!(inferred, asked, "{python:?}");
        let total = cases(2).unwrap();
        assert_eq!(inferred["pythons"][0]["compared"], total);
        assert!(none == 0 && implied > total / 4 && implied < total, "{implied} of {total}: {python:?}");
    }
    Ok(())
}

fn what_is_implied_does_not_depend_on_the_shard() -> Result<(), Missing> {
    let python = common::newest()?;
    let (_, whole) = results(&exhaustive(&python.path, "--tokens 2"));
    let of_shards =
        (0..3).map(|n| results(&exhaustive(&python.path, &format!("--tokens 2 --shard {n}/3"))).1);
    assert_eq!(of_shards.sum::<u64>(), whole);
    Ok(())
}

/// Looks at the end of a pattern in a way that is not observed.
const LOOKS_AHEAD: &str = "
_sound_parse = parse
def parse(str, flags=0, *args):
    first = str[:2] if type(str) is type('') else str[:2].decode('latin-1')
    if len(str) > 2 and first in ['*' + second for second in '.^$*+?|)]-aK1 ']:
        raise error('another text', str, 0)
    return _sound_parse(str, flags, *args)
";

fn a_wrong_inference_is_reported() -> Result<(), Missing> {
    let folder = tempfile::tempdir().unwrap();
    let patched = Prerequisite::Python.require(patched::patched_by(folder.path(), LOOKS_AHEAD))?;
    let output = exhaustive(&patched.path, "--tokens 3");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let lost = results(&output).0["pythons"][0]["lost"].clone();
    let lost = lost.as_array().unwrap();
    assert!(lost.len() > 3, "{lost:?}");
    for lost in lost {
        assert!(lost["case"]["pattern"].as_str().unwrap().starts_with('*'), "{lost}");
        assert!(lost["why"].as_str().unwrap().contains("another text"), "{lost}");
    }
    let all = exhaustive(&patched.path, "--tokens 3 --ask-all");
    assert_eq!(all.status.code(), Some(2), "{all:?}");
    Ok(())
}

/// A text of an error that is wrong in some patterns only.
const WRONG_ERROR: &str = "
_sound_parse = parse
def parse(str, flags=0, *args):
    try:
        return _sound_parse(str, flags, *args)
    except error as e:
        if e.msg == 'multiple repeat' and e.pos == 2:
            e.msg = 'many repeats'
        raise
";

fn a_defect_in_refusals_is_counted_in_every_case_that_has_it() -> Result<(), Missing> {
    let folder = tempfile::tempdir().unwrap();
    let patched = Prerequisite::Python.require(patched::patched_by(folder.path(), WRONG_ERROR))?;
    let count = |arguments: &str| {
        let output = exhaustive(&patched.path, arguments);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        results(&output).0["pythons"][0]["unknown"].clone()
    };
    let found = count("--tokens 3");
    assert!(found[0]["count"].as_u64().unwrap() > 100, "{found}");
    assert_eq!(found, count("--tokens 3 --ask-all"));
    Ok(())
}

pub(crate) fn tests() -> Vec<Trial> {
    sre_test_support::trials![
        inferred_answers_are_those_that_an_interpreter_gives,
        what_is_implied_does_not_depend_on_the_shard,
        a_wrong_inference_is_reported,
        a_defect_in_refusals_is_counted_in_every_case_that_has_it,
    ]
}
