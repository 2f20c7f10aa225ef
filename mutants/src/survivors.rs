//! The list of survivors: mutants that no case can catch, each with the reason.
//!
//! ```text
//! compiler/src/pool.rs: replace > with >= in Budget::pay in `if wanted «>» self.0 {`
//!     Why it gives the same answers. Several mutants may share a reason.
//! ```

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

/// The reasons, by the mutants' names.
pub(crate) type Survivors = BTreeMap<String, String>;

/// Reads the list.
pub(crate) fn parse(text: &str) -> Result<Survivors> {
    let mut survivors = Survivors::new();
    let mut open: Vec<&str> = Vec::new();
    let mut why = String::new();
    let mut close = |open: &mut Vec<&str>, why: &mut String| -> Result<()> {
        ensure!(open.is_empty() || !why.is_empty(), "without a reason: {}", open.join("; "));
        for name in open.drain(..) {
            let old = survivors.insert(name.to_owned(), why.clone());
            ensure!(old.is_none(), "listed twice: {name}");
        }
        why.clear();
        Ok(())
    };
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        if line.starts_with(' ') {
            ensure!(!open.is_empty(), "a reason without a mutant: {}", line.trim());
            why += if why.is_empty() { "" } else { " " };
            why += line.trim();
        } else {
            if !why.is_empty() {
                close(&mut open, &mut why)?;
            }
            open.push(line.trim_end());
        }
    }
    close(&mut open, &mut why)?;
    Ok(survivors)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn mutants_may_share_a_reason() {
        let survivors = parse("# list\na\nb\n    one\n    two\n\nc\n    three\n").unwrap();
        let lines: Vec<String> = survivors.iter().map(|(name, why)| format!("{name}: {why}")).collect();
        assert_eq!(lines, ["a: one two", "b: one two", "c: three"]);
    }

    #[test]
    fn each_has_one_reason() {
        assert!(parse("a\n").is_err());
        assert!(parse("  why\n").is_err());
        assert!(parse("a\n  why\nb\nc\n").is_err());
        assert!(parse("a\n  why\na\n  why\n").is_err());
    }
}
