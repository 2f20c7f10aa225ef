//! Compiles hostile input: the result must be a program or a clear error, on a small stack and in
//! reasonable time.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use sre_compiler::{Compiler, Dialect, ErrorKind, Flags, Pattern, Program, compile};

/// No pattern needs a larger stack, however deep it is nested.
const STACK: usize = 128 * 1024;

/// Compiles on a thread with a small stack. Returns the number of words, or the text of the error.
fn compile_on_small_stack(pattern: String) -> Result<usize, String> {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let mut compiler = Compiler::new(Dialect::default());
        let program =
            compiler.compile(pattern.as_str(), Flags::empty()).map_err(|error| error.to_string())?;
        Ok(program.code().len())
    });
    thread.unwrap().join().expect("no panic, no stack overflow")
}

fn nested(open: &str, close: &str) -> String {
    const DEPTH: usize = 100_000;
    format!("{}a{}", open.repeat(DEPTH), close.repeat(DEPTH))
}

#[test]
fn a_hundred_thousand_nested_groups_compile() {
    let groups = [
        ("(", ")"),
        ("(?:", ")"),
        ("(?:x", ")"),
        ("(?i:", ")"),
        ("(?=", ")"),
        ("(?<=", ")"),
        ("(?>", ")"),
        ("(?:", ")*"),
        ("(?:b|", ")"),
        ("(?:x|x", ")"),
        ("(", "){2}"),
        ("()(?(1)", "|b)"),
    ];
    for (open, close) in groups {
        let words = compile_on_small_stack(nested(open, close));
        // `(?:…)` alone is dissolved, and `(?:…)*` inside another one is a repeat of a repeat.
        assert!(words.is_ok(), "{open}: {words:?}");
    }
}

#[test]
fn unterminated_groups_are_an_error_at_the_innermost() {
    let error = compile_on_small_stack("(".repeat(100_000)).unwrap_err();
    assert_eq!(error, "missing ), unterminated subpattern at position 99999");
}

#[test]
fn exceeding_the_nesting_limit_is_a_recursion_error() {
    let mut compiler = Compiler::new(Dialect::default());
    compiler.set_max_nesting(100);
    assert!(compiler.compile("(".repeat(100).as_str(), Flags::empty()).is_err_and(|error| {
        error.kind() == ErrorKind::UnterminatedSubpattern // it was read to its end
    }));
    let error = compiler.compile("(".repeat(101).as_str(), Flags::empty()).unwrap_err();
    assert_eq!((error.kind(), error.exception().name()), (ErrorKind::TooDeep, "RecursionError"));
    assert!(compiler.compile("a", Flags::empty()).is_ok());
}

/// These are no errors of CPython's, so that no recorded answer has them.
#[test]
fn a_limit_that_is_passed_is_named() {
    let text = |limit: fn(&mut Compiler)| {
        let mut compiler = Compiler::new(Dialect::default());
        limit(&mut compiler);
        let error = compiler.compile("(((a)))", Flags::empty()).unwrap_err();
        (error.to_string(), format!("{error:?}"))
    };
    let (nesting, debug) = text(|compiler| compiler.set_max_nesting(2));
    assert_eq!(nesting, "maximum recursion depth exceeded");
    assert_eq!(debug, "Error(TooDeep: maximum recursion depth exceeded)");
    let (memory, _) = text(|compiler| compiler.set_max_bytes(10));
    assert_eq!(memory, "more memory is needed than the limit allows");
    let (code, _) = text(|compiler| compiler.set_max_code(10));
    assert_eq!(code, "the code is longer than the limit allows");
}

#[test]
fn ten_megabytes_of_literals_compile() {
    let pattern = "a".repeat(10_000_000);
    // The info block has four words for each character, with the prefix and the overlap table.
    assert_eq!(compile_on_small_stack(pattern), Ok(40_000_008));
}

#[test]
fn sets_of_a_megabyte_compile() {
    let characters: String = (0x100..0x60000).step_by(3).filter_map(char::from_u32).collect();
    assert!(compile_on_small_stack(format!("[{characters}]")).is_ok());
    let ranges: String =
        (0x100..0xd000).filter_map(char::from_u32).map(|c| format!("{c}-\u{fffd}")).collect();
    assert!(compile_on_small_stack(format!("(?i)[{ranges}]")).is_ok());
}

#[test]
fn quadratic_patterns_of_cpython_compile_in_linear_time() {
    let prefix = "a".repeat(1_000_000);
    assert!(compile_on_small_stack(format!("{prefix}b|{prefix}c")).is_ok());
    assert!(compile_on_small_stack("(?:ab)".repeat(200_000)).is_ok());
    assert!(compile_on_small_stack("[[\u{e9}]".repeat(200_000)).is_ok()); // a warning each, whose position is counted
    let names: String = (0..100_000).map(|n| format!("(?P<n{n}>)")).collect();
    assert!(compile_on_small_stack(names).is_ok());
}

#[test]
fn every_pair_of_bytes_compiles_or_is_an_error_in_every_dialect() {
    for dialect in Dialect::all() {
        let mut compiler = Compiler::new(dialect);
        let mut program = Program::new(dialect);
        for first in 0..=255u8 {
            for second in 0..=255u8 {
                let bytes = [first, second];
                let code_points = bytes.map(u32::from);
                let text = Pattern::from_code_points(&code_points).unwrap();
                for pattern in [Pattern::from(&bytes), text] {
                    match compiler.compile_into(pattern, Flags::empty(), &mut program) {
                        Ok(()) => assert!(program.code().len() >= 6),
                        Err(error) => assert!(!error.to_string().is_empty()),
                    }
                }
            }
        }
    }
}

#[test]
fn a_pattern_after_an_error_is_compiled_as_if_it_were_the_first() {
    let dialect = Dialect::default();
    let mut compiler = Compiler::new(dialect);
    let mut program = Program::new(dialect);
    for broken in ["(((", "[a", "(?P<n>a)(?P<n>b)", "a{99999999999}", "(?<=a*)", "(?P<m>[[a])|\\"] {
        assert!(compiler.compile_into(broken, Flags::IGNORECASE, &mut program).is_err());
        assert_eq!(program.code(), []);
        compiler.compile_into("(?P<n>x)|[a-c]", Flags::empty(), &mut program).unwrap();
        assert_eq!(program, compile("(?P<n>x)|[a-c]", Flags::empty(), dialect).unwrap());
        assert_eq!(compiler.warnings().len(), 0);
    }
}

#[test]
fn the_tree_is_that_of_the_last_pattern() {
    let dialect = Dialect::default();
    let mut compiler = Compiler::new(dialect);
    let mut program = Program::new(dialect);
    compiler.record_tree(true);
    compiler.compile_into("a", Flags::empty(), &mut program).unwrap();
    assert_eq!(compiler.tree_dump().unwrap().to_string(), "LITERAL 97\n");
    compiler.compile_into("a(", Flags::empty(), &mut program).unwrap_err();
    assert!(compiler.tree_dump().is_none());
    // Only code generation rejects it.
    compiler.compile_into("(?<=b*)", Flags::empty(), &mut program).unwrap_err();
    assert!(compiler.tree_dump().is_some());
    compiler.record_tree(false);
    compiler.compile_into("a", Flags::empty(), &mut program).unwrap();
    assert!(compiler.tree_dump().is_none());
}

#[test]
fn numbers_above_the_last_code_point_are_rejected() {
    let rejected = |code_points: &[u32]| Pattern::from_code_points(code_points).err().map(|wrong| wrong.0);
    assert_eq!(rejected(&[0x61, 0xd800, 0x10_ffff]), None);
    assert_eq!(rejected(&[0x61, 0x11_0000, 0x62]), Some(0x11_0000));
    assert_eq!(rejected(&[u32::MAX, 0x62]), Some(u32::MAX));
}

#[test]
fn disassembling_random_words_does_not_panic() {
    let dialect = Dialect::default();
    let mut state = 1u32;
    for _ in 0..20_000 {
        let words: Vec<u32> = (0..12)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if state >> 28 == 0 { state } else { (state >> 16) % 46 }
            })
            .collect();
        assert!(!sre_compiler::Disassembly::new(&words, dialect).to_string().is_empty());
    }
}
