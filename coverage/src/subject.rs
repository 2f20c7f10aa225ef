//! A compiler's lines and branches, and which of them were reached.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use sre_compiler::Dialect;

/// A compiler that was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Subject {
    /// The version of the interpreter, or `sre-compiler`.
    pub name: String,
    /// The dialect of the interpreter; `None` for sre-compiler, which has all.
    #[serde(with = "dialect_as_text")]
    pub dialect: Option<Dialect>,
    /// The source text of each module.
    pub sources: BTreeMap<String, String>,
    /// The lines and branches.
    pub sites: Vec<Site>,
    /// The texts of errors and warnings.
    pub texts: Vec<Text>,
    /// The names of opcodes, positions and categories.
    pub words: Vec<String>,
}

/// A line, or one outcome of a branch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Site {
    /// The module, as [`Subject::sources`] calls it.
    pub module: String,
    /// The function, qualified by its class or outer function; of sre-compiler, the file.
    pub function: String,
    /// The line, from 1.
    pub line: usize,
    /// The text of the line, or of the condition.
    pub text: String,
    /// The kind of site.
    pub kind: Kind,
    /// Whether it was reached.
    pub reached: bool,
    /// The number of the first case that reached it, where that is known.
    pub first: Option<usize>,
}

/// The kind of a site.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A line on which a statement begins; of sre-compiler, a line of code.
    Line,
    /// A condition is true.
    True,
    /// A condition is false.
    False,
    /// A loop has an item.
    Item,
    /// A loop ends.
    End,
}

/// A text of an error or a warning, in the source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Text {
    /// `error` or `warning`.
    pub kind: String,
    /// The class of the exception or of the warning.
    pub category: String,
    /// The text, with `…` in the place of arguments.
    pub text: String,
    /// The site that is reached if the text is used.
    pub site: usize,
}

mod dialect_as_text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
    use sre_compiler::Dialect;

    pub(super) fn serialize<S: Serializer>(dialect: &Option<Dialect>, to: S) -> Result<S::Ok, S::Error> {
        dialect.map(|dialect| dialect.to_string()).serialize(to)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<Dialect>, D::Error> {
        let text: Option<String> = Deserialize::deserialize(from)?;
        text.map(|text| text.parse().map_err(|_| D::Error::custom("unknown dialect"))).transpose()
    }
}

impl Subject {
    /// Numbers the cases from `first` on, for the measurement of a part of the cases.
    pub fn renumber(&mut self, first: usize) {
        for site in &mut self.sites {
            site.first = site.first.map(|case| case + first);
        }
    }

    /// Adds the measurement of the same compiler with other cases.
    pub fn merge(&mut self, other: Subject) {
        for (site, other) in self.sites.iter_mut().zip(other.sites) {
            site.reached |= other.reached;
            site.first = match (site.first, other.first) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
    }

    /// Returns, by site, the line that it belongs to; a line belongs to itself.
    pub(super) fn owners(&self) -> Vec<usize> {
        let mut lines: BTreeMap<(&str, &str, usize), usize> = BTreeMap::new();
        for (n, site) in self.sites.iter().enumerate().filter(|(_, site)| site.kind == Kind::Line) {
            lines.entry((&site.module, &site.function, site.line)).or_insert(n);
        }
        let owner = |(n, site): (usize, &Site)| {
            let (module, function) = (site.module.as_str(), site.function.as_str());
            // A condition may stand on a later line of the statement.
            let before = lines.range((module, function, 0)..=(module, function, site.line)).next_back();
            before.map_or(n, |(_, owner)| *owner)
        };
        self.sites.iter().enumerate().map(owner).collect()
    }
}

impl Kind {
    /// Returns the name that the list uses.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Line => "line",
            Kind::True => "true",
            Kind::False => "false",
            Kind::Item => "item",
            Kind::End => "end",
        }
    }

    /// Returns the outcome of this name.
    pub(super) fn outcome(name: &str) -> Option<Kind> {
        [Kind::True, Kind::False, Kind::Item, Kind::End].into_iter().find(|kind| kind.name() == name)
    }
}

/// Displays a site in the form of the list.
impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} :: {}", self.function, self.text)?;
        match self.kind {
            Kind::Line => Ok(()),
            kind => write!(f, " -> {}", kind.name()),
        }
    }
}
