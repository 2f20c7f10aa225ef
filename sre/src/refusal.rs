//! The drawing of a refused pattern: the line of the pattern, a caret below it, and the error.
//!
//! It is drawn here and not by a crate such as `annotate-snippets`, which takes text as `&str` and
//! spans in bytes: a pattern may hold lone surrogates, bytes, control characters and a line of a
//! megabyte. [`Snippet`] escapes and cuts it, and says in which column the terminal shows the
//! position.

use std::io::{self, Write};

use sre_case::{Case, Rejected, Snippet};

use crate::messages::{BAD, styled};

/// Writes that sre-compiler refuses the case, and why.
pub(crate) fn write(out: &mut impl Write, case: &Case, rejected: &Rejected) -> io::Result<()> {
    writeln!(out, "{}", styled(BAD, "refused"))?;
    let text = format!("{}: {}", rejected.exception, rejected.message.shown());
    let text = styled(BAD, text);
    let Some(pos) = rejected.pos.and_then(|pos| usize::try_from(pos).ok()) else {
        return writeln!(out, "    {text}");
    };
    let (line, below) = Snippet::new(case, pos).rows();
    writeln!(out, "    {line}")?;
    writeln!(out, "    {below}{} {text}", styled(BAD, "^"))
}
