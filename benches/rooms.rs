//! One benchmark for each room of the compiler: `cargo bench -p sre-benches`.
//!
//! The rooms are private. Each is given patterns that are nearly all its own work: the time per character says what
//! a change to the room does. No pattern is free of the others; what they share is in `literal`.

use divan::Bencher;
use divan::counter::CharsCount;
use sre_compiler::{Compiler, Dialect, Flags, Program};

fn main() {
    divan::main();
}

/// A pattern that is mostly one room's work, of about 2,000 characters.
fn run(bencher: Bencher<'_, '_>, piece: &str, flags: Flags) {
    let pattern = piece.repeat(2_000_usize.div_ceil(piece.chars().count()));
    run_whole(bencher, &pattern, flags);
}

fn run_whole(bencher: Bencher<'_, '_>, pattern: &str, flags: Flags) {
    let dialect = Dialect::default();
    let (mut compiler, mut program) = (Compiler::new(dialect), Program::new(dialect));
    if let Err(error) = compiler.compile_into(pattern, flags, &mut program) {
        panic!("a benchmark's pattern does not compile: {error}");
    }
    let bencher = bencher.counter(CharsCount::of_str(pattern));
    bencher.bench_local(|| compiler.compile_into(divan::black_box(pattern), flags, &mut program).is_ok());
}

/// Comments leave no node and no word.
#[divan::bench(args = ["#comment ", "    "])]
fn tokenizer(bencher: Bencher<'_, '_>, piece: &str) {
    run(bencher, piece, Flags::VERBOSE);
}

/// Groups that vanish: frames are opened and closed, chains spliced, and little is left to write.
#[divan::bench(args = ["(?:)", "(?:a)", "(a)", r"\x41", "a|", "(?i:a)"])]
fn parser(bencher: Bencher<'_, '_>, piece: &str) {
    run(bencher, piece, Flags::empty());
}

/// Widths of branches, of repeats, and of what looks behind.
#[divan::bench(args = ["(?:ab|c){2,3}", "(?<=ab|cd)"])]
fn width(bencher: Bencher<'_, '_>, piece: &str) {
    run(bencher, piece, Flags::empty());
}

/// Sets: small ones, those that become a bitmap, and those whose case is folded.
#[divan::bench(args = ["[ab]", r"[\w.-]", "[a-zA-Z0-9_]", "[à-ÿĀ-ſ]", r"[\u0100-\ufffe]"])]
fn charset(bencher: Bencher<'_, '_>, piece: &str) {
    run(bencher, piece, Flags::empty());
}

#[divan::bench(args = ["[ab]", "[a-zA-Z0-9_]", "[à-ÿĀ-ſ]", r"[\u0100-\ufffe]"])]
fn charset_ignorecase(bencher: Bencher<'_, '_>, piece: &str) {
    run(bencher, piece, Flags::IGNORECASE);
}

/// The pattern's literal beginning, and its overlap table.
#[divan::bench(args = ["a", "ab", "abcdefghijklmnopqrstuvwxy"])]
fn prefix(bencher: Bencher<'_, '_>, piece: &str) {
    run(bencher, piece, Flags::empty());
}

/// The same characters where no prefix is taken: nodes in, words out.
#[divan::bench(args = ["a", r"\d", "a*", "."])]
fn emit(bencher: Bencher<'_, '_>, piece: &str) {
    let pattern = format!("^.{}", piece.repeat(2_000 / piece.len()));
    run_whole(bencher, &pattern, Flags::empty());
}
