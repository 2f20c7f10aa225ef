//! Sets of numbers, stored as ranges.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A set of numbers: ranges in order, with gaps between them.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(try_from = "Vec<(u64, u64)>", into = "Vec<(u64, u64)>")]
pub struct Numbers(Vec<Range<u64>>);

impl Numbers {
    /// Adds a range. Returns false and adds nothing if a number of it is already there.
    #[must_use]
    pub fn add(&mut self, range: Range<u64>) -> bool {
        if range.is_empty() {
            return true;
        }
        let at = self.0.partition_point(|before| before.end <= range.start);
        if self.0.get(at).is_some_and(|after| after.start < range.end) {
            return false;
        }
        self.0.insert(at, range);
        self.0.dedup_by(|next, before| {
            let touches = before.end == next.start;
            if touches {
                before.end = next.end;
            }
            touches
        });
        true
    }

    /// Returns the ranges, in order.
    pub fn ranges(&self) -> &[Range<u64>] {
        &self.0
    }

    /// Returns how many numbers of a range are in the set.
    pub fn count_within(&self, range: &Range<u64>) -> u64 {
        let within = |held: &Range<u64>| held.end.min(range.end).saturating_sub(held.start.max(range.start));
        self.0.iter().map(within).sum()
    }

    /// Returns the parts of a range that are not in the set.
    pub fn missing(&self, range: Range<u64>) -> Vec<Range<u64>> {
        let mut missing = Vec::new();
        let mut start = range.start;
        for held in &self.0 {
            missing.push(start..held.start.min(range.end));
            start = start.max(held.end);
        }
        missing.push(start..range.end);
        missing.retain(|range| !range.is_empty());
        missing
    }
}

impl From<Numbers> for Vec<(u64, u64)> {
    fn from(numbers: Numbers) -> Vec<(u64, u64)> {
        numbers.0.into_iter().map(|range| (range.start, range.end)).collect()
    }
}

impl TryFrom<Vec<(u64, u64)>> for Numbers {
    type Error = &'static str;

    fn try_from(pairs: Vec<(u64, u64)>) -> Result<Numbers, &'static str> {
        let mut numbers = Numbers::default();
        let sound = pairs.into_iter().all(|(start, end)| start < end && numbers.add(start..end));
        if sound { Ok(numbers) } else { Err("ranges that overlap or are empty") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_numbers_are_no_longer_missing() {
        let mut numbers = Numbers::default();
        let missing = |numbers: &Numbers, range| -> Vec<(u64, u64)> {
            numbers.missing(range).into_iter().map(|range| (range.start, range.end)).collect()
        };
        assert_eq!(missing(&numbers, 0..10), [(0, 10)]);
        assert!(numbers.add(4..6) && numbers.add(8..20) && numbers.add(3..3));
        assert_eq!(missing(&numbers, 0..10), [(0, 4), (6, 8)]);
        assert_eq!(missing(&numbers, 5..9), [(6, 8)]);
        assert_eq!(missing(&numbers, 8..12), []);
        assert_eq!(missing(&numbers, 19..30), [(20, 30)]);
        assert_eq!(numbers.count_within(&(5..9)), 2);
        for taken in [3..5, 5..6, 0..30, 19..21] {
            assert!(!numbers.add(taken));
        }
        assert!(numbers.add(6..8) && numbers.add(0..4));
        assert_eq!(Vec::from(numbers), [(0, 20)]);
    }

    #[test]
    fn numbers_round_trip_and_invalid_ranges_are_rejected() {
        let mut numbers = Numbers::default();
        assert!(numbers.add(7..9) && numbers.add(1..2));
        let text = serde_json::to_string(&numbers).unwrap();
        assert_eq!(text, "[[1,2],[7,9]]");
        assert_eq!(serde_json::from_str::<Numbers>(&text).unwrap(), numbers);
        for nonsense in ["[[1,3],[2,4]]", "[[3,1]]", "[1]"] {
            assert!(serde_json::from_str::<Numbers>(nonsense).is_err());
        }
    }
}
