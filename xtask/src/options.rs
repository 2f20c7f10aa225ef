//! The command line: options that take a value, options that do not, and what follows `--`.

use std::str::FromStr;

/// What stands on the command line, until it is taken.
#[derive(Debug)]
pub(crate) struct Options {
    words: Vec<String>,
    /// What follows `--`.
    pub(crate) rest: Vec<String>,
}

impl Options {
    pub(crate) fn new(mut words: Vec<String>) -> Options {
        let rest = match words.iter().position(|word| word == "--") {
            Some(at) => words.split_off(at).split_off(1),
            None => Vec::new(),
        };
        Options { words, rest }
    }

    /// Takes an option without a value; says whether it was there.
    pub(crate) fn switch(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < before
    }

    /// Takes an option with its value: `--name value` or `--name=value`.
    pub(crate) fn value<T: FromStr>(&mut self, name: &str) -> Result<Option<T>, String> {
        let matches =
            |word: &String| word.strip_prefix(name).is_some_and(|r| r.is_empty() || r.starts_with('='));
        let Some(at) = self.words.iter().position(matches) else { return Ok(None) };
        let word = self.words.remove(at);
        let value = match word.split_once('=') {
            Some((_, value)) => value.to_owned(),
            None if at < self.words.len() => self.words.remove(at),
            None => return Err(format!("{name} takes a value")),
        };
        value.parse().map(Some).map_err(|_| format!("{name} {value}: not understood"))
    }

    /// Nothing may be left.
    pub(crate) fn finish(self) -> Result<(), String> {
        match self.words.first() {
            None => Ok(()),
            Some(word) => Err(format!("{word}: not understood; see cargo xtask help")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    fn options(line: &str) -> Options {
        Options::new(line.split(' ').map(str::to_owned).collect())
    }

    #[test]
    fn values_are_taken_in_both_forms() {
        let mut found = options("--jobs 2 --seconds=30 --quick -- -runs=1 --x");
        assert_eq!(found.value("--jobs"), Ok(Some(2)));
        assert_eq!(found.value("--seconds"), Ok(Some(30.5 - 0.5)));
        assert_eq!(found.value::<u32>("--minutes"), Ok(None));
        assert!(found.switch("--quick") && !found.switch("--quick"));
        assert_eq!(found.rest, ["-runs=1", "--x"]);
        assert_eq!(found.finish(), Ok(()));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(options("--jobs").value::<u32>("--jobs").is_err());
        assert!(options("--jobs many").value::<u32>("--jobs").is_err());
        assert!(options("--job 2").finish().is_err());
    }
}
