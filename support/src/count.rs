//! Numbers with nouns.

/// Formats a number with a noun whose plural ends in `s`: `1 file`, `2 files`.
pub fn count(number: impl TryInto<u64>, thing: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        assert_eq!(
            [count(0, "file"), count(1, "file"), count(2_usize, "file")],
            ["0 files", "1 file", "2 files"]
        );
    }
}
