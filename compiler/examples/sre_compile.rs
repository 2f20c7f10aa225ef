//! Prints a Python program that makes a pattern of the code, without Python's own compiler.
//!
//! `_sre.compile` is what CPython's matcher offers to compilers. The code has to be that of the
//! interpreter that runs the program, so name its version:
//!
//! ```console
//! $ cargo run --example sre_compile -- '(?P<year>\d+)' 3.13 | python3.13
//! ```

use std::error::Error;

use sre_compiler::{Dialect, Flags, compile};

/// A Python string with the content of a text.
fn quoted(text: &str) -> String {
    let mut python = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => python.extend(['\\', c]),
            ' '..='~' => python.push(c),
            _ => python += &format!("\\U{:08x}", u32::from(c)),
        }
    }
    python + "\""
}

pub(crate) fn report(pattern: &str, version: &str) -> Result<String, Box<dyn Error>> {
    let dialect: Dialect = version.parse()?;
    let program = compile(pattern, Flags::empty(), dialect)?;
    let index: Vec<String> =
        program.group_index().map(|(name, group)| format!("{}: {group}", quoted(name))).collect();
    let names: String = program
        .group_names()
        .map(|name| name.map_or("None, ".to_owned(), |name| quoted(name) + ", "))
        .collect();
    Ok(format!(
        "import _sre\n\
         assert _sre.MAGIC == {magic}, \"code of another version\"\n\
         # pattern, flags, code, groups, groupindex, indexgroup\n\
         pattern = _sre.compile({pattern}, {flags}, {code:?}, {groups}, {{{index}}}, ({names}))\n\
         print(pattern)\n",
        magic = dialect.magic(),
        pattern = quoted(pattern),
        flags = program.flags().bits(),
        groups = program.group_count(),
        index = index.join(", "),
        code = program.code(),
    ))
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let pattern = arguments.next().unwrap_or_else(|| r"(?P<year>\d+)".to_owned());
    let version = arguments.next().unwrap_or_else(|| "3.13".to_owned());
    print!("{}", report(&pattern, &version)?);
    Ok(())
}
