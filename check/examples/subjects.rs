//! Reads cases as JSON Lines, and writes for each a line that `tests/match_subjects.py` reads: the case, and as many
//! subjects as the argument says.

use std::io::{self, BufRead, Write};

use sre_case::{Text, wire};
use sre_compiler::Dialect;
use sre_generate::{Subject, Subjects};

fn main() -> io::Result<()> {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(100);
    let mut generator = Subjects::new(1);
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let request = wire::parse_request(line?.as_bytes()).map_err(io::Error::other)?;
        let of = |dialect: &Dialect| generator.make(&request.case, *dialect, count);
        let newest_first: Vec<Dialect> = Dialect::all().collect();
        let subjects = newest_first.iter().rev().map(of).find(|made| !made.is_empty()).unwrap_or_default();
        let text = |subject: &Subject| match &subject.text {
            Text::Str(text) => text.clone(),
            Text::Bytes(text) => text.iter().copied().map(u32::from).collect(),
        };
        let subjects: Vec<(Vec<u32>, usize, usize)> =
            subjects.iter().map(|subject| (text(subject), subject.pos, subject.endpos)).collect();
        let mut case = Vec::new();
        wire::write_request(&mut case, &request.case, false);
        out.write_all(b"{\"case\": ")?;
        out.write_all(&case)?;
        writeln!(out, ", \"subjects\": {}}}", serde_json::to_string(&subjects)?)?;
    }
    Ok(())
}
