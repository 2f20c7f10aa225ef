//! `--shard`.

use std::str::FromStr;

/// A part of the work: `0/5` is the first of five.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shard {
    pub index: u64,
    pub of: u64,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/').and_then(|(index, of)| {
            Some((index.trim().parse::<u64>().ok()?, of.trim().parse::<u64>().ok()?))
        });
        match parts {
            Some((index, of)) if index < of => Ok(Shard { index, of }),
            Some((_, of)) if of > 0 => {
                Err(format!("shards are counted from 0: expected 0/{of} to {}/{of}", of - 1))
            }
            _ => Err("expected K/N, counted from 0: 0/5 is the first of five shards".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_counted_from_zero() {
        assert_eq!("0/5".parse(), Ok(Shard { index: 0, of: 5 }));
        assert_eq!("4/5".parse(), Ok(Shard { index: 4, of: 5 }));
        let beyond = "5/5".parse::<Shard>().unwrap_err();
        assert!(beyond.contains("0/5 to 4/5"), "{beyond}");
        for bad in ["", "5", "1/0", "-1/5", "a/b", "0/5/6"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }
}
