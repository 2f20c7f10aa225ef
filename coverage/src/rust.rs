//! Reads the lines and branches of sre-compiler from the counters of an instrumented build.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sre_support::visible::Shown;

use super::subject::{Kind, Site, Subject};

/// Reads the counters of sre-compiler, as written by `llvm-cov export -format=lcov`, of the source
/// files in the folder `compiler`.
///
/// # Errors
/// If a file cannot be read, or a line of the counters is malformed.
pub fn rust(counts: &Path, compiler: &Path) -> Result<Subject, String> {
    let text = fs::read_to_string(counts).map_err(|error| format!("{}: {error}", counts.shown()))?;
    let mut subject = Subject {
        name: "sre-compiler".to_owned(),
        dialect: None,
        sources: BTreeMap::new(),
        sites: Vec::new(),
        texts: Vec::new(),
        words: Vec::new(),
    };
    let mut file: Option<File> = None;
    for (n, line) in text.lines().enumerate() {
        let bad = || format!("{}:{}: malformed line: {line}", counts.shown(), n + 1);
        match (line.split_once(':'), &mut file) {
            (Some(("SF", path)), _) => file = File::read(Path::new(path), compiler)?,
            (Some(("DA", line)), Some(file)) => file.line(line).ok_or_else(bad)?,
            (Some(("BRDA", branch)), Some(file)) => file.branch(branch).ok_or_else(bad)?,
            _ if line == "end_of_record" => {
                file.take().into_iter().for_each(|file| file.add_to(&mut subject))
            }
            _ => {}
        }
    }
    if subject.sites.is_empty() {
        return Err(format!("{}: contains no counters of files in {}", counts.shown(), compiler.shown()));
    }
    Ok(subject)
}

/// A source file while it is read.
struct File {
    name: String,
    source: String,
    /// Counts by line.
    lines: BTreeMap<usize, u64>,
    /// Counts by line, block and number: a condition has two numbers in a row, that of true first.
    branches: BTreeMap<(usize, usize, usize), u64>,
}

impl File {
    /// Reads a source file; `None` if it is not in the folder.
    fn read(path: &Path, folder: &Path) -> Result<Option<File>, String> {
        let Ok(name) = path.strip_prefix(folder) else { return Ok(None) };
        let source = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.shown()))?;
        let name = name.to_string_lossy().into_owned();
        Ok(Some(File { name, source, lines: BTreeMap::new(), branches: BTreeMap::new() }))
    }

    /// Adds the counter `line,count`.
    fn line(&mut self, text: &str) -> Option<()> {
        let (line, count) = text.split_once(',')?;
        *self.lines.entry(line.parse().ok()?).or_default() += count.parse::<u64>().ok()?;
        Some(())
    }

    /// Adds the counter `line,block,number,count`, whose count is a dash if the condition was not evaluated.
    fn branch(&mut self, text: &str) -> Option<()> {
        let mut numbers = text.split(',').map(|number| if number == "-" { Ok(0) } else { number.parse() });
        let mut next = || numbers.next()?.ok();
        let key = (next()? as usize, next()? as usize, next()? as usize);
        *self.branches.entry(key).or_default() += next()?;
        Some(())
    }

    fn add_to(self, subject: &mut Subject) {
        let source: Vec<&str> = self.source.lines().collect();
        let site = |line: usize, kind, count: u64| Site {
            module: self.name.clone(),
            function: self.name.clone(),
            line,
            text: source.get(line.wrapping_sub(1)).map_or("", |text| text.trim()).to_owned(),
            kind,
            reached: count > 0,
            first: None,
        };
        let lines = self.lines.iter().map(|(&line, &count)| site(line, Kind::Line, count));
        // A line with only braces is not counted.
        subject.sites.extend(lines.filter(|site| site.text.contains(char::is_alphanumeric)));
        subject.sites.extend(self.branches.iter().map(|(&(line, _, number), &count)| {
            site(line, if number % 2 == 0 { Kind::True } else { Kind::False }, count)
        }));
        subject.sources.insert(self.name, self.source);
    }
}
