//! The frame that all pages have in common.

use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("page.css");

/// A page: one file of HTML that needs nothing else.
#[derive(Debug)]
pub struct Page<'p> {
    /// What the page is about; also the title of the document.
    pub title: String,
    /// The result, which the page begins with.
    pub headline: Headline,
    /// What was run: pairs of a word and a text, such as the command and the machine.
    pub facts: Vec<(&'static str, String)>,
    /// What makes the results less reliable.
    pub warnings: Vec<String>,
    /// Style rules that only this page needs.
    pub style: &'p str,
}

/// The result in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// The sentence.
    pub text: String,
    /// Whether it is good news.
    pub tone: Tone,
    /// What else has to be known; may be empty.
    pub detail: String,
}

/// Whether a result is good news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A figure, without a verdict.
    Plain,
    /// As it should be.
    Good,
    /// Something is wrong.
    Bad,
    /// Not decided.
    Open,
}

impl Tone {
    /// Returns the class of the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Open => "open",
        }
    }
}

impl Page<'_> {
    /// Returns the document with this body.
    pub fn document(&self, body: &Markup) -> String {
        let Headline { text, tone, detail } = &self.headline;
        let document = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width";
                    // Browsers ask for an icon otherwise.
                    link rel="icon" href="data:,";
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) (PreEscaped(self.style)) }
                }
                body {
                    p.kicker { (self.title) }
                    h1 class=(tone.class()) { (text) }
                    @if !detail.is_empty() { p { (detail) } }
                    @for warning in &self.warnings { p.warning { (warning) } }
                    dl {
                        @for (word, text) in &self.facts {
                            dt { (word) }
                            dd { @if *word == "Command" { code { (text) } } @else { (text) } }
                        }
                    }
                    (body)
                }
            }
        };
        document.into_string() + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_with_its_headline_and_escapes_text() {
        let page = Page {
            title: "Soak: <b>".to_owned(),
            headline: Headline { text: "1 < 2".to_owned(), tone: Tone::Good, detail: String::new() },
            facts: vec![("Command", "sre soak --output 'a&b\"<.html'".to_owned())],
            warnings: vec!["<busy>".to_owned()],
            style: "",
        };
        let text = page.document(&html! { h2 { "more" } });
        for escaped in ["Soak: &lt;b&gt;", "1 &lt; 2", "a&amp;b&quot;&lt;.html", "&lt;busy&gt;"] {
            assert!(text.contains(escaped), "{escaped}: {text}");
        }
        let heading = text.find("<h1").unwrap();
        assert!(text.find("<dl").is_some_and(|dl| heading < dl) && text.ends_with("</html>\n"), "{text}");
    }
}
