//! Draws the error and the warnings of a pattern, with a caret below the part at fault.
//!
//! ```console
//! $ cargo run --example caret -- 'a(?P<first name>b)'
//! ```

use sre_compiler::{Dialect, Flags, compile_with_warnings};

pub(crate) fn report(pattern: &str) -> String {
    let (result, warnings) = compile_with_warnings(pattern, Flags::empty(), Dialect::LATEST);
    let mut text: String = warnings.iter().map(|warning| warning.render(pattern).to_string()).collect();
    match result {
        Ok(_) => text += "no error\n",
        Err(error) => text += &error.render(pattern).to_string(),
    }
    text
}

fn main() {
    let pattern = std::env::args().nth(1).unwrap_or_else(|| "a(?P<first name>b)".to_owned());
    print!("{}", report(&pattern));
}
