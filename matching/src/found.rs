//! What an operation found.

use std::fmt;

use serde::Deserialize;
use sre_support::visible::Shown;

/// The outcome of an operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// A match, or none.
    Match(Option<Match>),
    /// All matches of `finditer`.
    All(Vec<Match>),
    /// A text, or a list of texts, as Python literal.
    Text(String),
    /// An exception: its type and text.
    Error(String),
    /// Something that no pattern can give, such as a group that ends before it starts.
    Wrong(String),
    /// The time limit passed.
    Slow,
    /// The process gave no answer: it died, or had to be killed.
    Lost(String),
    /// The form does not support the operation.
    Skipped,
}

/// A match.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(from = "(Vec<i64>, Option<i64>, Option<String>)")]
pub struct Match {
    /// Start and end of the match, and of each group; -1 for a group without one.
    pub spans: Vec<(i64, i64)>,
    /// `lastindex`
    pub lastindex: Option<i64>,
    /// `lastgroup`
    pub lastgroup: Option<String>,
}

impl From<(Vec<i64>, Option<i64>, Option<String>)> for Match {
    fn from((places, lastindex, lastgroup): (Vec<i64>, Option<i64>, Option<String>)) -> Match {
        let spans = places.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        Match { spans, lastindex, lastgroup }
    }
}

/// The text that stands for an outcome that is not compared.
#[derive(Deserialize)]
enum Skipped {
    #[serde(rename = "=")]
    Skipped,
}

/// An outcome as it is transferred.
#[derive(Deserialize)]
#[serde(untagged)]
enum Wire {
    Skipped(Skipped),
    Match(Match),
    All { all: Vec<Match> },
    Text { text: String },
    Error { error: String },
    Wrong { wrong: String },
    Slow { slow: bool },
    None(()),
}

/// Parses the outcomes of a subject, one for each operation.
pub(crate) fn parse(json: &str) -> Result<Vec<Found>, serde_json::Error> {
    let found: Vec<Wire> = serde_json::from_str(json)?;
    let found = found.into_iter().map(|found| match found {
        Wire::Skipped(Skipped::Skipped) => Found::Skipped,
        Wire::Match(found) => Found::Match(Some(found)),
        Wire::All { all } => Found::All(all),
        Wire::Text { text } => Found::Text(text),
        Wire::Error { error } => Found::Error(error),
        Wire::Wrong { wrong } => Found::Wrong(wrong),
        Wire::Slow { slow: true } => Found::Slow,
        Wire::Slow { slow: false } | Wire::None(()) => Found::Match(None),
    });
    Ok(found.collect())
}

impl Found {
    /// Returns whether there is an outcome, after all.
    pub fn ended(&self) -> bool {
        !matches!(self, Found::Slow | Found::Lost(_))
    }

    /// Returns how two outcomes differ, in words without numbers; `None` if they do not, or cannot
    /// be compared. A limit that passed on one side is a difference: whoever compares has to ask
    /// again with a higher limit.
    pub fn difference(&self, other: &Found) -> Option<String> {
        if self == other {
            return None;
        }
        Some(match (self, other) {
            (Found::Skipped, _) | (_, Found::Skipped) => return None,
            (Found::Match(Some(one)), Found::Match(Some(other))) => one.difference(other)?.to_owned(),
            (Found::All(one), Found::All(others)) if one.len() == others.len() => {
                let differs = |(one, other): (&Match, &Match)| one.difference(other);
                one.iter().zip(others).find_map(differs)?.to_owned()
            }
            (Found::All(_), Found::All(_)) => "number of matches".to_owned(),
            (Found::Text(_), Found::Text(_)) => "text".to_owned(),
            (one, other) => format!("{} and {}", one.kind(), other.kind()),
        })
    }

    fn kind(&self) -> String {
        match self {
            Found::Match(None) => "no match".to_owned(),
            Found::Match(Some(_)) => "match".to_owned(),
            Found::All(_) => "matches".to_owned(),
            Found::Text(_) => "text".to_owned(),
            Found::Error(error) | Found::Wrong(error) => {
                error.split(':').next().unwrap_or_default().to_owned()
            }
            Found::Slow => "no end".to_owned(),
            Found::Lost(why) => why.clone(),
            Found::Skipped => "nothing".to_owned(),
        }
    }
}

impl Match {
    fn difference(&self, other: &Match) -> Option<&'static str> {
        [
            (self.spans.first() != other.spans.first(), "span of the match"),
            (self.spans != other.spans, "span of a group"),
            (self.lastindex != other.lastindex, "lastindex"),
            (self.lastgroup != other.lastgroup, "lastgroup"),
        ]
        .into_iter()
        .find_map(|(differs, name)| differs.then_some(name))
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Found::Match(None) => f.write_str("no match"),
            Found::Match(Some(found)) => write!(f, "{found}"),
            Found::All(all) if all.is_empty() => f.write_str("no match"),
            Found::All(all) => {
                for (n, found) in all.iter().enumerate() {
                    write!(f, "{}{found}", if n == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
            Found::Text(text) => write!(f, "{}", text.shown()),
            Found::Error(error) | Found::Wrong(error) => write!(f, "{}", error.shown()),
            Found::Slow => f.write_str("no end within the time limit"),
            Found::Lost(why) => write!(f, "{}", why.shown()),
            Found::Skipped => f.write_str("not compared"),
        }
    }
}

/// `0-2, group 1 at 0-1, group 2 none`
impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (group, (start, end)) in self.spans.iter().enumerate() {
            match (group, *start, *end) {
                (0, start, end) => write!(f, "{start}-{end}")?,
                (_, -1, -1) => write!(f, ", group {group} none")?,
                (_, start, end) => write!(f, ", group {group} at {start}-{end}")?,
            }
        }
        if let Some(index) = self.lastindex {
            write!(f, ", lastindex {index}")?;
        }
        if let Some(name) = &self.lastgroup {
            write!(f, ", lastgroup {}", name.shown())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_parsed_and_shown() {
        let json = r#"[null,[[0,2,-1,-1],1,"n"],{"all":[[[1,1],null,null]]},{"text":"'a'"},{"error":"E: x"},{"slow":true},"="]"#;
        let found = parse(json).unwrap();
        let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "no match",
                "0-2, group 1 none, lastindex 1, lastgroup n",
                "1-1",
                "'a'",
                "E: x",
                "no end within the time limit",
                "not compared"
            ]
        );
        assert!(parse(r#"[{"other": 1}]"#).is_err());
    }

    #[test]
    fn differences_have_names_without_numbers() {
        let found = |json: &str| parse(json).unwrap().remove(0);
        let difference = |one, other| found(one).difference(&found(other));
        assert_eq!(difference("[null]", "[null]"), None);
        assert_eq!(difference("[null]", "[[[0,1],null,null]]").unwrap(), "no match and match");
        assert_eq!(difference("[[[0,2],null,null]]", "[[[0,1],null,null]]").unwrap(), "span of the match");
        assert_eq!(difference("[[[0,1,0,1],1,null]]", "[[[0,1,0,0],1,null]]").unwrap(), "span of a group");
        assert_eq!(difference("[[[0,1],1,null]]", "[[[0,1],2,null]]").unwrap(), "lastindex");
        assert_eq!(difference(r#"[{"slow":true}]"#, "[null]").unwrap(), "no end and no match");
        assert_eq!(difference(r#"["="]"#, "[null]"), None);
        assert_eq!(
            difference(r#"[{"error":"SystemError: a"}]"#, "[null]").unwrap(),
            "SystemError and no match"
        );
    }
}
