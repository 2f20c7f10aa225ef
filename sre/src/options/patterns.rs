//! Where patterns come from.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use sre_case::{Case, Text, corpus};
use sre_compiler::Flags;
use sre_support::count;
use sre_support::visible::Shown;

use crate::input::{Seen, read_cases, read_json_lines};

/// Options that say how to read a pattern given on the command line.
#[derive(Args)]
pub(crate) struct PatternOptions {
    /// Flags: letters from `a i L m s t u x`, or an integer as in Python.
    #[arg(long, short, value_parser = parse_flags, allow_hyphen_values = true, default_value = "-")]
    pub flags: Flags,
    /// Read the pattern as bytes.
    #[arg(long, short)]
    pub bytes: bool,
}

impl PatternOptions {
    /// Returns the case for a pattern given on the command line, which must be UTF-8 unless it is
    /// bytes.
    pub(crate) fn case(&self, pattern: &OsStr) -> Result<Case> {
        let text = if self.bytes {
            Text::Bytes(pattern.as_encoded_bytes().to_vec())
        } else {
            let pattern = pattern.to_str().context("the pattern is not UTF-8; was --bytes meant?")?;
            Text::Str(pattern.chars().map(u32::from).collect())
        };
        Ok(Case { text, flags: self.flags })
    }
}

fn parse_flags(text: &str) -> Result<Flags, String> {
    if text == "-" {
        return Ok(Flags::empty());
    }
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let number = match digits.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    };
    if let Some(number) = number {
        return Ok(Flags::from_bits(sign * number));
    }
    let letters =
        text.chars().try_fold(Flags::empty(), |flags, letter| Some(flags | Flags::from_letter(letter)?));
    letters.ok_or_else(|| "expected letters from `a i L m s t u x`, or a number".to_owned())
}

/// Adapts the positional argument to a verb that takes a single pattern.
pub(crate) fn single_pattern(argument: clap::Arg) -> clap::Arg {
    argument.num_args(0..=1).help(
        "A pattern, or a case file: anything that is not a file or folder is a pattern. `-` reads a case \
         file from standard input",
    )
}

/// The patterns of a command.
#[derive(Args)]
pub(crate) struct Patterns {
    /// Patterns, case files, or folders of case files: anything that is not a file or folder is a
    /// pattern. `-` reads a case file from standard input.
    #[arg(value_name = "PATTERN")]
    targets: Vec<OsString>,
    /// A pattern, even if a file of that name exists or it begins with a hyphen. May be repeated.
    #[arg(long = "pattern", short = 'e', value_name = "PATTERN", allow_hyphen_values = true)]
    patterns: Vec<OsString>,
    /// A JSON Lines file of cases, as written by `sre record`; without a name, standard input. May
    /// be repeated.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    jsonl: Vec<PathBuf>,
    #[command(flatten)]
    options: PatternOptions,
}

impl Patterns {
    /// Returns whether no pattern was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.targets.is_empty() && self.patterns.is_empty() && self.jsonl.is_empty()
    }

    /// Returns the JSON Lines file, if nothing else was given.
    pub(crate) fn only_json_lines(&self) -> Option<&Path> {
        match &self.jsonl[..] {
            [file] if self.targets.is_empty() && self.patterns.is_empty() => Some(file),
            _ => None,
        }
    }

    /// Returns the cases, those of each file once.
    ///
    /// `verb` is the verb as typed, for messages.
    pub(crate) fn cases(&self, verb: &str) -> Result<Vec<Case>> {
        let mut cases = Vec::new();
        let mut seen = Seen::default();
        for target in &self.targets {
            cases.extend(self.target(verb, target, &mut seen)?);
        }
        for pattern in &self.patterns {
            cases.push(self.options.case(pattern)?);
        }
        for file in self.jsonl.iter().filter(|file| seen.is_new(file)) {
            cases.extend(read_json_lines(file)?);
        }
        Ok(cases)
    }

    /// The same; at least one case has to be given. `or` says what else the verb takes, as in
    /// `, or --generate N`.
    pub(crate) fn some_cases(&self, verb: &str, or: &str) -> Result<Vec<Case>> {
        if self.is_empty() {
            bail!(
                "no pattern was given: give a PATTERN or a case file, -e PATTERN, --jsonl FILE{or} \
                 (see `sre {verb} --help`)"
            );
        }
        self.cases(verb)
    }

    /// The same, for a verb that takes a single case.
    pub(crate) fn one_case(&self, verb: &str) -> Result<Case> {
        match <[Case; 1]>::try_from(self.some_cases(verb, "")?) {
            Ok([case]) => Ok(case),
            Err(cases) => {
                let source = match &self.targets[..] {
                    [target] if Path::new(target).is_dir() => "the folder contains ",
                    _ => "",
                };
                bail!("{source}{}; `sre {verb}` takes one", count(cases.len(), "case"))
            }
        }
    }

    /// Returns the case file of a case, if it was given as a file or in a folder.
    pub(crate) fn file_of(&self, case: &Case) -> Option<PathBuf> {
        let paths = self.targets.iter().map(Path::new).filter(|path| path.exists());
        paths
            .flat_map(|path| {
                corpus::files(path).unwrap_or_default().into_iter().map(move |file| (path, file))
            })
            .find(|(path, file)| corpus::read_of(path, file).is_ok_and(|read| read == *case))
            .map(|(_, file)| file)
    }

    /// Returns the name of the case file without its extension, if the case was given as a file.
    pub(crate) fn file_stem(&self) -> Option<&str> {
        let path = Path::new(self.targets.first()?);
        path.exists().then(|| path.file_stem()?.to_str()).flatten()
    }

    /// Returns the cases of an argument: a case file, a folder of them, or else a pattern.
    fn target(&self, verb: &str, target: &OsStr, seen: &mut Seen) -> Result<Vec<Case>> {
        if target == "-" {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
            let case = Case::parse(&bytes).context(
                "standard input is not a case file; `-e -` gives the pattern `-`, and --jsonl reads JSON Lines",
            )?;
            return Ok(vec![case]);
        }
        let path = Path::new(target);
        if !path.exists() {
            if path.extension().is_some_and(|extension| extension == "case" || extension == "jsonl") {
                bail!("{}: no such file; if it is a pattern, give it with -e", path.shown());
            }
            return Ok(vec![self.options.case(target)?]);
        }
        read_cases(verb, path, seen)
    }
}
