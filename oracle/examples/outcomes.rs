//! Answers requests as JSON Lines, as `sre compile --jsonl` does, for the dialect in the argument. A panic
//! becomes an outcome. `cargo xtask bug-bench --causes` builds it with each injected bug.

use std::io::{self, BufRead, Write};
use std::panic::{self, AssertUnwindSafe};

use sre_case::{Oracle, Outcome, wire};
use sre_oracle::RustCompiler;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dialect = std::env::args().nth(1).unwrap_or_default().parse()?;
    let mut rust = RustCompiler::new(dialect);
    // Its text is part of the outcome.
    panic::set_hook(Box::new(|_| {}));
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().split(b'\n') {
        let request = wire::parse_request(&line?)?;
        rust.set_debug(request.debug);
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| rust.outcome(&request.case)));
        let outcome = outcome.unwrap_or_else(|payload| {
            rust = RustCompiler::new(dialect);
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or_default();
            Outcome::NoAnswer { why: format!("panic: {text}") }
        });
        let mut reply = Vec::new();
        wire::write_outcome(&mut reply, &outcome);
        reply.push(b'\n');
        out.write_all(&reply)?;
        out.flush()?;
    }
    Ok(())
}
