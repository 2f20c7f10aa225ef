//! The preview of CPython 3.16 compiles as `corpus/preview/3.16.jsonl` says. These answers are not recorded from a
//! CPython 3.16, of which there is none yet, but from the changed source of 3.15; see `corpus/preview/README.md`.

use std::fs::read_to_string;
use std::path::Path;

use serde_json::{Value, from_str, json};
use sre_compiler::{Compiler, Dialect, Exception, Flags, Pattern, Program};

const PREVIEW: Dialect = Dialect::PY316_PREVIEW;

/// The answer to a case in the form of the file.
fn answer(case: &Value) -> Value {
    let text = case["pattern"].as_str().expect("a pattern");
    let bytes: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
    let pattern = if case["kind"] == "bytes" { Pattern::from(&bytes[..]) } else { Pattern::from(text) };
    let flags = Flags::from_bits(case["flags"].as_i64().expect("flags"));
    let mut compiler = Compiler::builder(PREVIEW).tree(true).build();
    let mut program = Program::new(PREVIEW);
    let result = compiler.compile_into(pattern, flags, &mut program);
    let mut answer = match result {
        Ok(()) => json!({
            "code": program.code(),
            "flags": program.flags().bits(),
            "groups": program.group_count(),
            "groupindex": program.group_index().map(|(name, group)| json!([name, group])).collect::<Vec<_>>(),
            "tree": compiler.tree_dump().expect("a tree was recorded").to_string(),
        }),
        Err(error) => json!({"error": {
            "type": error.exception().name(),
            "msg": error.text().to_string(),
            "pos": error.pos(),
            "lineno": error.lineno(),
            "colno": error.colno(),
        }}),
    };
    let warnings = compiler.warnings().map(|warning| json!([warning.category(), warning.to_string()]));
    answer["warnings"] = warnings.collect();
    answer
}

#[test]
fn the_preview_compiles_as_the_changed_source_of_3_15() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/preview/3.16.jsonl");
    let text = read_to_string(&file).expect("the answers can be read");
    let (mut compiled, mut unsupported) = (0, 0);
    for line in text.lines() {
        let line: Value = from_str(line).expect("an object");
        let (case, expected) = (&line["case"], &line["answer"]);
        let answer = answer(case);
        if expected["error"]["type"] == Exception::NotImplementedError.name() {
            assert_eq!(answer["error"]["type"], expected["error"]["type"], "{case}");
            unsupported += 1;
        } else {
            assert_eq!(&answer, expected, "{case}");
            compiled += u32::from(expected["code"].is_array());
        }
    }
    assert!(compiled > 60 && unsupported > 20, "{compiled} compiled, {unsupported} unsupported");
}

#[test]
fn a_preview_is_used_only_if_it_is_named() {
    assert!(PREVIEW.is_preview());
    assert_eq!("3.16".parse(), Ok(PREVIEW));
    assert_eq!(Dialect::from_version(3, 16, 0), Some(PREVIEW));
    assert!(Dialect::previews().eq([PREVIEW]));
    assert!(Dialect::all().all(|dialect| !dialect.is_preview() && dialect < PREVIEW));
    assert!(!Dialect::default().is_preview());
    assert_eq!(PREVIEW.compared_to(), None);
}

#[test]
fn what_the_preview_does_not_support_says_so() {
    let text = |pattern: &str| {
        sre_compiler::compile(pattern, Flags::empty(), PREVIEW).expect_err("not supported").to_string()
    };
    assert_eq!(
        text(r"x\p{Lu}"),
        r"properties (\p) are not supported yet in the preview of CPython 3.16.0 at position 1"
    );
    assert!(text("[a--b]").starts_with("set operators (--, && and ||) are not supported yet"));
    assert!(text("a(?<!b)").starts_with("negative look-behinds of one character"));
    assert!(text("a|[^bc]").starts_with("alternatives of one character"));
    for pattern in ["[é--b]", "[é&&b]", "[é||b]"] {
        let error = sre_compiler::compile(pattern, Flags::empty(), PREVIEW).expect_err("not supported");
        assert_eq!((error.pos(), error.span()), (Some(2), Some(3..5)), "{pattern}");
    }
}

#[test]
fn its_code_is_valid_and_is_disassembled() {
    let program = sre_compiler::compile(r"\d+[^\s]", Flags::empty(), PREVIEW).expect("valid");
    assert_eq!(program.validate(), Ok(()));
    let text = program.disassembly().to_string();
    assert!(text.contains("CATEGORY UNI_DIGIT") && text.contains("CATEGORY UNI_NOT_SPACE"), "{text}");
    assert!(!text.contains("IN "), "{text}");
}
