//! Messages on standard error, in the form that clap gives its own, and colours.
//!
//! Colours appear on a terminal only, and not with `NO_COLOR`: `anstream` removes them otherwise.

use std::fmt::Display;
use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::AutoStream;
use anstyle::{AnsiColor, Effects, Style};

/// Of an error or a divergence.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().effects(Effects::BOLD);
/// Of a warning.
pub(crate) const DOUBTFUL: Style = AnsiColor::Yellow.on_default().effects(Effects::BOLD);
/// Of a result without a difference.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().effects(Effects::BOLD);
/// Of a note, or what is removed or added in a diff.
pub(crate) const NOTE: Style = AnsiColor::Cyan.on_default().effects(Effects::BOLD);
/// Of a title.
pub(crate) const TITLE: Style = Style::new().effects(Effects::BOLD);
/// Of a label that repeats.
pub(crate) const LABEL: Style = Style::new().effects(Effects::DIMMED);

/// Returns the text in a style.
pub(crate) fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Standard output, without colours unless it is a terminal.
pub(crate) type Out = BufWriter<AutoStream<StdoutLock<'static>>>;

/// Returns standard output.
pub(crate) fn stdout() -> Out {
    BufWriter::new(AutoStream::auto(io::stdout()).lock())
}

/// Writes `error: …`. The text is shown as it is.
pub(crate) fn error(text: impl Display) {
    write("error", BAD, text);
}

/// Writes `warning: …`.
pub(crate) fn warning(text: impl Display) {
    write("warning", DOUBTFUL, text);
}

/// Writes `note: …`.
pub(crate) fn note(text: impl Display) {
    write("note", NOTE, text);
}

fn write(level: &str, style: Style, text: impl Display) {
    // If standard error cannot be written, nothing more can be done.
    let _ = writeln!(anstream::stderr(), "{style}{level}:{style:#} {text}");
}
