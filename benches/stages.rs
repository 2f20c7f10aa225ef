//! One benchmark for each stage of the compiler: `cargo bench -p sre-benches`.
//!
//! The stages are private, so each is measured by patterns that consist almost entirely of its work. The time per
//! character shows the effect of a change to the stage.

use divan::Bencher;
use divan::counter::CharsCount;
use sre_compiler::{Compiler, Dialect, Flags, Program};

fn main() {
    divan::main();
}

/// Benchmarks a piece, repeated to about 2,000 characters.
fn run(bencher: Bencher<'_, '_>, piece: &str, flags: Flags) {
    let pattern = piece.repeat(2_000_usize.div_ceil(piece.chars().count()));
    run_whole(bencher, &pattern, flags);
}

fn run_whole(bencher: Bencher<'_, '_>, pattern: &str, flags: Flags) {
    let dialect = Dialect::default();
    let (mut compiler, mut program) = (Compiler::new(dialect), Program::new(dialect));
    if let Err(error) = compiler.compile_into(pattern, flags, &mut program) {
        panic!("the pattern of a benchmark is rejected: {error}");
    }
    let bencher = bencher.counter(CharsCount::of_str(pattern));
    bencher.bench_local(|| compiler.compile_into(divan::black_box(pattern), flags, &mut program).is_ok());
}

/// Comments and white space emit no code.
#[divan::bench(args = ["#comment ", "    "])]
fn tokenizer(bencher: Bencher<'_, '_>, piece: &str) {
    run(bencher, piece, Flags::VERBOSE);
}

/// Groups and alternatives that emit little code.
#[divan::bench(args = ["(?:)", "(?:a)", "(a)", r"\x41", "a|", "(?i:a)"])]
fn parser(bencher: Bencher<'_, '_>, piece: &str) {
    run(bencher, piece, Flags::empty());
}

/// Widths of branches, repeats and lookbehinds.
#[divan::bench(args = ["(?:ab|c){2,3}", "(?<=ab|cd)"])]
fn width(bencher: Bencher<'_, '_>, piece: &str) {
    run(bencher, piece, Flags::empty());
}

/// Sets: small ones, and those that become a bitmap.
#[divan::bench(args = ["[ab]", r"[\w.-]", "[a-zA-Z0-9_]", "[à-ÿĀ-ſ]", r"[\u0100-\ufffe]"])]
fn charset(bencher: Bencher<'_, '_>, piece: &str) {
    run(bencher, piece, Flags::empty());
}

/// Sets with IGNORECASE.
#[divan::bench(args = ["[ab]", "[a-zA-Z0-9_]", "[à-ÿĀ-ſ]", r"[\u0100-\ufffe]"])]
fn charset_ignorecase(bencher: Bencher<'_, '_>, piece: &str) {
    run(bencher, piece, Flags::IGNORECASE);
}

/// The literal prefix, and its overlap table.
#[divan::bench(args = ["a", "ab", "abcdefghijklmnopqrstuvwxy"])]
fn prefix(bencher: Bencher<'_, '_>, piece: &str) {
    run(bencher, piece, Flags::empty());
}

/// Code generation without a literal prefix.
#[divan::bench(args = ["a", r"\d", "a*", "."])]
fn emit(bencher: Bencher<'_, '_>, piece: &str) {
    let pattern = format!("^.{}", piece.repeat(2_000 / piece.len()));
    run_whole(bencher, &pattern, Flags::empty());
}
