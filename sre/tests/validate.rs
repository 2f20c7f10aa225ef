//! `sre_compiler::validate` against `_sre` itself: the code of the corpus, and the same with words changed.

mod common;

use std::path::Path;
use std::process::Command;

use sre_case::corpus;
use sre_compiler::{Compiler, Dialect, validate};
use sre_test_support::{Missing, fed};

/// The programs of the corpus, each followed by some that are broken.
fn programs(dialect: Dialect) -> Vec<(Vec<u32>, u32)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/seeds");
    let mut compiler = Compiler::new(dialect);
    let mut random = fastrand::Rng::with_seed(1);
    let mut all = Vec::new();
    for file in corpus::files(&root).expect("the corpus is there") {
        let case = corpus::read(&file).expect("a case can be read");
        let Ok(program) = compiler.compile(case.pattern(), case.flags) else { continue };
        if program.code().len() > 300 {
            continue;
        }
        all.push((program.code().to_vec(), program.group_count()));
        for _ in 0..4 {
            let mut code = program.code().to_vec();
            let (at, other) = (random.usize(..code.len()), random.usize(..code.len()));
            match random.u32(..6) {
                0 => code[at] = code[at].wrapping_add(1),
                1 => code[at] = code[at].wrapping_sub(1),
                2 => code[at] = random.u32(..46),
                3 => drop(code.remove(at)),
                4 => code.insert(at, random.u32(..46)),
                _ => code[at] = code[other],
            }
            all.push((code, program.group_count()));
        }
    }
    all
}

fn sre_takes_the_same_code() -> Result<(), Missing> {
    for python in common::pythons()? {
        let dialect = python.dialect.expect("pythons() gives those with a dialect");
        let programs = programs(dialect);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validate.py");
        let lines: String = programs.iter().map(|(code, groups)| format!("[{code:?}, {groups}]\n")).collect();
        let output = fed(Command::new(&python.path).arg(script), lines.as_bytes());
        assert_eq!(output.stdout.len(), programs.len(), "{}: {}", python.path.display(), output.status);
        let mut refused = 0;
        for ((code, groups), answer) in programs.iter().zip(output.stdout) {
            let rust = validate(code, *groups, dialect).is_ok();
            refused += usize::from(!rust);
            // Where CPython's validator crashes, this one refuses.
            assert_eq!(rust, answer == b'1', "{}: {groups} groups, {code:?}", python.path.display());
        }
        assert!(refused > 100 && refused < programs.len() - 100, "both are seen: {refused}");
    }
    Ok(())
}

sre_test_support::tests! { sre_takes_the_same_code }
