//! Writing JSON. By hand, since a text may hold a lone surrogate, which a Rust string cannot.

use alloc::string::String;
use core::fmt::{self, Write};
use core::ops::Range;

/// Writes values after each other, with commas where they are needed.
#[derive(Default)]
pub(crate) struct Json {
    text: String,
    needs_comma: bool,
}

impl Json {
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// Writes an object; `content` writes its fields.
    pub(crate) fn object(&mut self, content: impl FnOnce(&mut Json)) {
        self.nested('{', '}', content);
    }

    /// Writes a list; `content` writes its items.
    pub(crate) fn list(&mut self, content: impl FnOnce(&mut Json)) {
        self.nested('[', ']', content);
    }

    /// Writes the name of a field. Its value comes next.
    pub(crate) fn key(&mut self, name: &str) -> &mut Json {
        self.separate();
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
        self.needs_comma = false;
        self
    }

    /// Writes a number, `true`, `false` or `null`.
    pub(crate) fn plain(&mut self, value: impl fmt::Display) {
        self.separate();
        // Writing to a string never fails.
        let _ = write!(self.text, "{value}");
    }

    pub(crate) fn number_or_null(&mut self, value: Option<impl fmt::Display>) {
        match value {
            Some(value) => self.plain(value),
            None => self.plain("null"),
        }
    }

    pub(crate) fn span(&mut self, span: Option<Range<usize>>) {
        match span {
            Some(span) => self.list(|json| {
                json.plain(span.start);
                json.plain(span.end);
            }),
            None => self.plain("null"),
        }
    }

    pub(crate) fn string(&mut self, text: &str) {
        self.code_points(text.chars().map(u32::from));
    }

    /// Writes what `Display` writes as a string.
    pub(crate) fn display(&mut self, value: impl fmt::Display) {
        self.separate();
        self.text.push('"');
        let _ = write!(Escaping(&mut self.text), "{value}");
        self.text.push('"');
    }

    /// Writes a string that may have lone surrogates.
    pub(crate) fn code_points(&mut self, text: impl IntoIterator<Item = u32>) {
        self.separate();
        self.text.push('"');
        text.into_iter().for_each(|c| push_escaped(&mut self.text, c));
        self.text.push('"');
    }

    fn nested(&mut self, open: char, close: char, content: impl FnOnce(&mut Json)) {
        self.separate();
        self.text.push(open);
        self.needs_comma = false;
        content(self);
        self.text.push(close);
        self.needs_comma = true;
    }

    fn separate(&mut self) {
        if self.needs_comma {
            self.text.push(',');
        }
        self.needs_comma = true;
    }
}

/// Escapes what is written for a string.
struct Escaping<'t>(&'t mut String);

impl Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().for_each(|c| push_escaped(self.0, u32::from(c)));
        Ok(())
    }
}

fn push_escaped(text: &mut String, c: u32) {
    match char::from_u32(c) {
        Some(c @ ('"' | '\\')) => text.extend(['\\', c]),
        Some('\n') => text.push_str("\\n"),
        Some(c) if c >= ' ' => text.push(c),
        _ => {
            let _ = write!(text, "\\u{c:04x}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_separated_and_strings_escaped() {
        let mut json = Json::default();
        json.object(|json| {
            json.key("a").list(|json| {
                json.plain(1);
                json.span(Some(2..3));
                json.span(None);
                json.list(|_| ());
                json.string("\"\\\n\0é😀");
            });
            json.key("b").code_points([0xd800, 0x61]);
            json.key("c").number_or_null(None::<u32>);
        });
        let expected = r#"{"a":[1,[2,3],null,[],"\"\\\n\u0000é😀"],"b":"\ud800a","c":null}"#;
        assert_eq!(json.into_text(), expected);
    }
}
