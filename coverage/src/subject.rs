//! A compiler's lines and branches, and which of them were reached.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use sre_compiler::Dialect;

/// A compiler that was looked at.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The version of the interpreter; `ours` for this project's.
    pub name: String,
    /// The interpreter's dialect; none for ours, which speaks all.
    pub dialect: Option<Dialect>,
    /// The source text of each module.
    pub sources: BTreeMap<String, String>,
    /// The places that are looked at.
    pub sites: Vec<Site>,
    /// The texts of errors and warnings.
    pub texts: Vec<Text>,
    /// The names of opcodes, positions and categories.
    pub words: Vec<String>,
}

/// A line, or one outcome of a branch.
#[derive(Clone, Debug)]
pub struct Site {
    /// The module, as [`Subject::sources`] calls it.
    pub module: String,
    /// The function, with the class or function that it is in; of ours, the file.
    pub function: String,
    /// The line, from 1.
    pub line: usize,
    /// What is there: the line, or the condition.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// Was it reached?
    pub reached: bool,
    /// The number of the first case that did, where that is known.
    pub first: Option<usize>,
}

/// What a site is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A line on which a statement begins; of ours, a line of code.
    Line,
    /// A condition holds.
    True,
    /// A condition does not hold.
    False,
    /// A loop has an item.
    Item,
    /// A loop ends.
    End,
}

/// A text of an error or a warning, in the source.
#[derive(Clone, Debug, Deserialize)]
pub struct Text {
    /// `error` or `warning`.
    pub kind: String,
    /// The class of the exception or of the warning.
    pub category: String,
    /// The text, with `…` for what is filled in.
    pub text: String,
    /// The site that tells whether it came.
    pub site: usize,
}

impl Subject {
    /// By site, the line that it belongs to: for a line, itself.
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
    /// Its name, as the list has it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Line => "line",
            Kind::True => "true",
            Kind::False => "false",
            Kind::Item => "item",
            Kind::End => "end",
        }
    }

    /// The outcome of a name.
    pub(super) fn outcome(name: &str) -> Option<Kind> {
        [Kind::True, Kind::False, Kind::Item, Kind::End].into_iter().find(|kind| kind.name() == name)
    }
}

/// As the list has it.
impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} :: {}", self.function, self.text)?;
        match self.kind {
            Kind::Line => Ok(()),
            kind => write!(f, " -> {}", kind.name()),
        }
    }
}
