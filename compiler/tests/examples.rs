//! What the compiler makes of the patterns of `examples.txt` is what CPythons answered.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::collections::BTreeSet;
use std::fmt::Write;

use sre_compiler::{Compiler, Dialect, Error, Flags, Pattern, Program};

const EXAMPLES: &str = include_str!("examples.txt");

/// A pattern, and what was recorded of it.
#[derive(Default)]
struct Example {
    name: &'static str,
    /// Whether the answers have the tree and the disassembly.
    debug: bool,
    is_bytes: bool,
    flags: Flags,
    pattern: Vec<u32>,
    /// The lines of each answer, with the first interpreter that gave it.
    answers: Vec<(&'static str, Vec<&'static str>)>,
}

/// Reads the file: the versions of the interpreters, oldest first, and the examples.
fn read() -> (Vec<&'static str>, Vec<Example>) {
    let mut pythons = Vec::new();
    let mut examples: Vec<Example> = Vec::new();
    let mut lines = EXAMPLES.lines();
    while let Some(line) = lines.next() {
        if let Some(versions) = line.strip_prefix("pythons ") {
            pythons = versions.split(' ').collect();
        } else if let Some(head) = line.strip_prefix("example ") {
            let name = head.strip_suffix(" with debug");
            let (kind, rest) = lines.next().unwrap().split_once(' ').unwrap();
            let (letters, pattern) = rest.split_once(' ').unwrap_or((rest, ""));
            let letters = letters.chars().filter(|&letter| letter != '-');
            let flags = letters.map(|letter| Flags::from_letter(letter).expect("a flag"));
            examples.push(Example {
                name: name.unwrap_or(head),
                debug: name.is_some(),
                is_bytes: kind == "bytes",
                flags: flags.fold(Flags::from_bits(0), |all, flag| all | flag),
                pattern: unescaped(pattern),
                answers: Vec::new(),
            });
        } else if let Some(version) = line.strip_prefix("from ") {
            examples.last_mut().unwrap().answers.push((version, Vec::new()));
        } else if let Some(line) = line.strip_prefix("  ") {
            examples.last_mut().unwrap().answers.last_mut().unwrap().1.push(line);
        } else {
            assert!(line.is_empty() || line.starts_with('#'), "not understood: {line}");
        }
    }
    (pythons, examples)
}

/// A text in which `\u{HEX}` stands for a code point.
fn unescaped(text: &str) -> Vec<u32> {
    let mut parts = text.split("\\u{");
    let mut code_points: Vec<u32> = parts.next().unwrap().chars().map(u32::from).collect();
    for part in parts {
        let (hex, rest) = part.split_once('}').unwrap();
        code_points.push(u32::from_str_radix(hex, 16).unwrap());
        code_points.extend(rest.chars().map(u32::from));
    }
    code_points
}

/// Printable ASCII as it is, everything else as `\u{HEX}`.
fn escaped(code_points: impl IntoIterator<Item = u32>) -> String {
    let mut text = String::new();
    for c in code_points {
        match u8::try_from(c) {
            Ok(c @ b' '..=b'~') => text.push(char::from(c)),
            _ => write!(text, "\\u{{{c:x}}}").unwrap(),
        }
    }
    text
}

/// The lines that the compiler answers to a pattern, in the form of the file.
fn answer(example: &Example, pattern: Pattern<'_>, dialect: Dialect) -> Vec<String> {
    let mut compiler = Compiler::new(dialect);
    let result = compiler.compile(pattern, example.flags);
    let warnings = compiler.warnings().map(|warning| {
        format!("warning {}: {}", warning.category(), escaped(warning.to_string().chars().map(u32::from)))
    });
    let mut lines: Vec<String> = warnings.collect();
    match result {
        Err(error) => lines.extend(lines_of_error(&error)),
        Ok(program) => {
            lines.extend(lines_of_program(&program));
            if example.debug {
                compiler.record_tree(true);
                let recorded = compiler.compile(pattern, example.flags);
                assert_eq!(recorded.as_ref(), Ok(&program), "{}: with the tree recorded", example.name);
                let tree = compiler.tree_dump().unwrap().to_string();
                lines.extend(tree.lines().map(|line| format!("tree| {line}")));
                lines.extend(program.disassembly().to_string().lines().map(|line| format!("dis| {line}")));
            }
        }
    }
    lines
}

fn lines_of_error(error: &Error) -> Vec<String> {
    let message = escaped(error.message());
    let space = if message.is_empty() { "" } else { " " };
    let mut lines = vec![format!("error {}:{space}{message}", error.exception().name())];
    if let (Some(pos), Some(line), Some(column)) = (error.pos(), error.lineno(), error.colno()) {
        lines.push(format!("position {pos}, line {line}, column {column}"));
        lines.push(format!("str(error): {}", escaped(error.to_string().chars().map(u32::from))));
    }
    lines
}

fn lines_of_program(program: &Program) -> Vec<String> {
    let words: String = program.code().iter().map(|word| format!(" {word}")).collect();
    let mut lines = vec![
        format!("code{words}"),
        format!("flags {}, groups {}", program.flags().bits(), program.group_count()),
    ];
    let names = program.group_index();
    lines.extend(
        names.map(|(name, group)| format!("name {} = {group}", escaped(name.chars().map(u32::from)))),
    );
    lines
}

/// The pattern in each form that it can be given in.
fn answers(example: &Example, dialect: Dialect) -> Vec<Vec<String>> {
    if example.is_bytes {
        let bytes: Vec<u8> = example.pattern.iter().map(|&c| u8::try_from(c).unwrap()).collect();
        return vec![answer(example, Pattern::from(&bytes[..]), dialect)];
    }
    let code_points = Pattern::from_code_points(&example.pattern).unwrap();
    let mut answers = vec![answer(example, code_points, dialect)];
    let text: Option<String> = example.pattern.iter().map(|&c| char::from_u32(c)).collect();
    answers.extend(text.map(|text| answer(example, Pattern::from(&*text), dialect)));
    answers
}

#[test]
fn examples_compile_as_each_cpython_compiled_them() {
    let (pythons, examples) = read();
    let mut wrong = String::new();
    for example in &examples {
        let mut recorded = None;
        for python in &pythons {
            let new = example.answers.iter().find(|(version, _)| version == python);
            recorded = new.map(|(_, lines)| lines).or(recorded);
            let recorded = recorded.unwrap_or_else(|| panic!("{}: no answer of {python}", example.name));
            for answer in answers(example, python.parse().expect("a known version")) {
                if answer != *recorded {
                    write_difference(&mut wrong, example, python, recorded, &answer);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "not what CPython answered:\n{wrong}");
}

/// Writes the lines that differ.
fn write_difference(out: &mut String, example: &Example, python: &str, recorded: &[&str], answer: &[String]) {
    writeln!(
        out,
        "example {}, {:?}, Python {python}",
        example.name,
        escaped(example.pattern.iter().copied())
    )
    .unwrap();
    for n in 0..recorded.len().max(answer.len()) {
        let (expected, actual) = (recorded.get(n).copied(), answer.get(n).map(String::as_str));
        if expected != actual {
            let [expected, actual] = [expected, actual].map(|line| line.unwrap_or("(nothing)"));
            writeln!(out, "  recorded  {expected}\n  compiled  {actual}").unwrap();
        }
    }
}

#[test]
fn examples_cover_every_minor_version_and_what_their_names_promise() {
    let (pythons, examples) = read();
    let minor = |version: &str| version.rsplit_once('.').expect("three numbers").0.to_owned();
    let recorded: BTreeSet<String> = pythons.iter().map(|version| minor(version)).collect();
    let known: BTreeSet<String> = Dialect::all().map(|dialect| minor(&dialect.to_string())).collect();
    assert_eq!(recorded, known, "examples.txt is recorded from each minor version");
    assert!(examples.len() > 100, "{} examples", examples.len());
    for example in &examples {
        let is_error = |lines: &[&str]| lines.iter().any(|line| line.starts_with("error "));
        let fails_somewhere = example.answers.iter().any(|(_, lines)| is_error(lines));
        assert!(!example.name.starts_with("error: ") || fails_somewhere, "{}: no error", example.name);
    }
}
