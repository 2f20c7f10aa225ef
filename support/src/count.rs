//! Numbers for people: with separators, and with nouns.

/// Formats a number with a noun whose plural ends in `s`: `1 file`, `14,411 files`.
pub fn count(number: impl TryInto<u64>, thing: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{} {thing}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// Formats a number with separators: `14,411`.
pub fn grouped(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
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

    #[test]
    fn thousands_are_separated() {
        assert_eq!(
            [grouped(999), grouped(1_000), grouped(31_366_830_u64), count(14_411, "pattern")],
            ["999", "1,000", "31,366,830", "14,411 patterns"]
        );
    }
}
