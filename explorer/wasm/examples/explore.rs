//! Writes what the page gets for the cases of JSON Lines on standard input, one answer a line: what
//! the tests of the WebAssembly module compare it with.

use std::io::{self, BufRead, Write};

use sre_case::{Text, wire};
use sre_explorer::{Explorer, Limits, Request};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut explorer = Explorer::default();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().split(b'\n') {
        let case = wire::parse_request(&line?)?.case;
        let request = match case.text {
            Text::Str(text) => Request::Str(text, case.flags),
            Text::Bytes(bytes) => Request::Bytes(bytes, case.flags),
        };
        writeln!(out, "{}", explorer.explore(&request, Limits::OF_PAGE))?;
    }
    Ok(out.flush()?)
}
