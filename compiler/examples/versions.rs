//! Compiles a pattern for every version of CPython, and prints which accept it and where the code
//! changes.
//!
//! ```console
//! $ cargo run --example versions -- '(?>a+)b'
//! ```

use std::fmt::Write;

use sre_compiler::{Dialect, Flags, compile};

/// Returns a line for each version from which on the result is another one.
pub(crate) fn report(pattern: &str) -> String {
    let mut text = String::new();
    let mut last = None;
    for dialect in Dialect::all() {
        let result = match compile(pattern, Flags::empty(), dialect) {
            // Opcodes are compared by name, because 3.11 renumbered them.
            Ok(program) => Ok(program.disassembly().to_string()),
            Err(error) => Err(error.to_string()),
        };
        if last.as_ref() == Some(&result) {
            continue;
        }
        let changed = match (&last, &result) {
            (_, Err(error)) => format!("refused: {error}"),
            (Some(Ok(_)), Ok(_)) => "accepted, with other code".to_owned(),
            (_, Ok(_)) => "accepted".to_owned(),
        };
        // Writing to a String never fails.
        let _ = writeln!(text, "{:<8} {changed}", dialect.to_string());
        last = Some(result);
    }
    text
}

fn main() {
    let pattern = std::env::args().nth(1).unwrap_or_else(|| "(?>a+)b".to_owned());
    print!("{}", report(&pattern));
}
