//! The results of the searches: lines of JSON, and a table.

use std::fs;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use serde_json::{Value, json};
use sre_report::statistics::median;
use sre_support::visible::Shown;

use super::bugs::Bug;
use super::trial::{Detection, Side, TrialResult};

/// The prefix of the name of a build without a bug; its target follows.
pub(super) const SOUND: &str = "sound-";

/// One search.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// The name of the bug, or [`SOUND`].
    pub(super) bug: String,
    pub(super) side: Side,
    pub(super) seed: u32,
    pub(super) result: TrialResult,
}

/// All results, and their file.
#[derive(Debug)]
pub(super) struct Results {
    path: PathBuf,
    rows: Vec<Row>,
}

impl Results {
    /// Reads the results of a folder, if there are any.
    pub(super) fn open(folder: &Path) -> Result<Results> {
        let path = folder.join("results.jsonl");
        // Its former name, as in folders of earlier runs.
        let former = folder.join("find.jsonl");
        if !path.exists() && former.exists() {
            fs::rename(&former, &path).with_context(|| former.shown().to_string())?;
        }
        let text = match path.exists() {
            true => fs::read_to_string(&path).with_context(|| path.shown().to_string())?,
            false => String::new(),
        };
        let row = |(index, line)| {
            let row = serde_json::from_str(line).ok().and_then(|value| Row::read(&value));
            row.with_context(|| format!("{}:{}: not a result of a search", path.shown(), index + 1))
        };
        let rows = text.lines().enumerate().map(row).collect::<Result<_, _>>()?;
        Ok(Results { path, rows })
    }

    /// Returns the lock of a folder, until it is dropped. Two searches would each overwrite what the other finds.
    pub(super) fn lock(folder: &Path) -> Result<File> {
        let path = folder.join("results.lock");
        let file = File::create(&path).with_context(|| path.shown().to_string())?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                Err(anyhow!("{} is in use by another search; give each its own --output", folder.shown()))
            }
            Err(TryLockError::Error(error)) => Err(anyhow!("{}: {error}", path.shown())),
        }
    }

    /// Returns whether the result of a search of up to `seconds` is known.
    pub(super) fn has(&self, bug: &str, side: Side, seed: u32, seconds: f64) -> bool {
        self.of(bug, side)
            .any(|row| row.seed == seed && (row.result.found.is_some() || row.result.seconds >= seconds))
    }

    /// Adds a result, which replaces that of a shorter search, and writes the file.
    pub(super) fn add(&mut self, row: Row) -> Result<()> {
        self.rows.retain(|old| (&old.bug, old.side, old.seed) != (&row.bug, row.side, row.seed));
        self.rows.push(row);
        let lines: String = self.rows.iter().map(|row| format!("{}\n", row.write())).collect();
        let beside = self.path.with_extension("new");
        let written = fs::write(&beside, lines).and_then(|()| fs::rename(&beside, &self.path));
        written.with_context(|| self.path.shown().to_string())
    }

    fn of(&self, bug: &str, side: Side) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.bug == bug && row.side == side)
    }

    /// Returns the searches that found something without an injected bug.
    pub(super) fn false_alarms(&self) -> Vec<&Row> {
        self.rows.iter().filter(|row| row.bug.starts_with(SOUND) && row.result.found.is_some()).collect()
    }

    /// Returns the median time until a bug is found; `None` if most searches do not find it, or
    /// there was none.
    fn median(&self, bug: &str, side: Side) -> Option<f64> {
        let time = |row: &Row| if row.result.found.is_some() { row.result.seconds } else { f64::INFINITY };
        let times: Vec<f64> = self.of(bug, side).map(time).collect();
        // Of an even number of seeds, more than half must find it: the median of a finite and an infinite
        // time is infinite.
        (!times.is_empty()).then(|| median(times)).filter(|seconds| seconds.is_finite())
    }

    /// Returns a line for each bug, then one for each side.
    pub(super) fn table(&self, bugs: &[Bug], seconds: f64) -> String {
        let sides: Vec<Side> =
            Side::ALL.into_iter().filter(|&side| self.rows.iter().any(|row| row.side == side)).collect();
        let mut text = format!("{:30} {:26}", "bug", "kind");
        text.extend(sides.iter().map(|side| format!(" {:>13}", side.name())));
        text.push('\n');
        for bug in bugs {
            text.push_str(&format!("{:30} {:26}", bug.name, bug.kind));
            for &side in &sides {
                let replayed = self
                    .of(&bug.name, side)
                    .all(|row| row.result.found.as_ref().is_some_and(|found| found.replayed));
                let cell = match self.median(&bug.name, side) {
                    _ if self.of(&bug.name, side).next().is_none() => String::new(),
                    None => "not found".to_owned(),
                    Some(seconds) if replayed => format!("replay {seconds:.1}"),
                    Some(seconds) => format!("{seconds:.1}"),
                };
                text.push_str(&format!(" {cell:>13}"));
            }
            text.push('\n');
        }
        sides.iter().for_each(|&side| text.push_str(&self.summary(bugs, side, seconds)));
        text
    }

    /// Returns how many bugs a side finds, and how soon.
    fn summary(&self, bugs: &[Bug], side: Side, seconds: f64) -> String {
        let names = bugs.iter().map(|bug| bug.name.as_str());
        let tried: Vec<&str> = names.filter(|name| self.of(name, side).next().is_some()).collect();
        let rows: Vec<&Row> = tried.iter().flat_map(|name| self.of(name, side)).collect();
        let searches = rows.iter().filter(|row| row.result.found.is_some()).count();
        let mut medians: Vec<f64> = tried.iter().filter_map(|name| self.median(name, side)).collect();
        medians.retain(|&median| median <= seconds);
        let replayed = |name: &&&str| {
            self.of(name, side).all(|row| row.result.found.as_ref().is_some_and(|found| found.replayed))
        };
        let replayed = tried.iter().filter(replayed).count();
        let percent = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
        let found = medians.len();
        let middle = match found {
            0 => String::new(),
            _ => format!(", half of them in {:.1} s", median(medians)),
        };
        format!(
            "{}: {} of {} bugs found in {seconds:.0} s ({:.0} %), {replayed} by replaying{middle}; {searches} of {} searches ({:.0} %)\n",
            side.name(),
            found,
            tried.len(),
            percent(found, tried.len()),
            rows.len(),
            percent(searches, rows.len()),
        )
    }
}

impl Row {
    fn write(&self) -> Value {
        let TrialResult { found, seconds, wall, inputs } = &self.result;
        let rounded = |seconds: f64| (seconds * 100.0).round() / 100.0;
        json!({
            "bug": self.bug,
            "side": self.side.name(),
            "seed": self.seed,
            "found": found.as_ref().map(|found| &found.how),
            "replayed": found.as_ref().is_some_and(|found| found.replayed),
            "seconds": rounded(*seconds),
            "wall": rounded(*wall),
            "inputs": inputs,
        })
    }

    fn read(value: &Value) -> Option<Row> {
        let found = match &value["found"] {
            Value::Null => None,
            how => Some(Detection { how: how.as_str()?.to_owned(), replayed: value["replayed"].as_bool()? }),
        };
        let result = TrialResult {
            found,
            seconds: value["seconds"].as_f64()?,
            wall: value["wall"].as_f64()?,
            inputs: value["inputs"].as_u64()?,
        };
        let seed = value["seed"].as_u64()?.try_into().ok()?;
        let side = Side::named(value["side"].as_str()?).ok()?;
        Some(Row { bug: value["bug"].as_str()?.to_owned(), side, seed, result })
    }
}

#[cfg(test)]
mod tests {
    use super::{Results, Row};
    use crate::bug_bench::trial::{Detection, Side, TrialResult};
    use std::path::PathBuf;

    fn row(seed: u32, seconds: f64, found: bool) -> Row {
        let found = found.then(|| Detection { how: "leak".to_owned(), replayed: false });
        Row {
            bug: "a".to_owned(),
            side: Side::Bytes,
            seed,
            result: TrialResult { found, seconds, wall: 9.0, inputs: 7 },
        }
    }

    #[test]
    fn a_row_is_read_as_it_was_written() {
        for row in [row(1, 2.5, true), row(2, 60.0, false)] {
            assert_eq!(Row::read(&row.write()), Some(row));
        }
        assert_eq!(Row::read(&serde_json::json!({"bug": "a"})), None);
    }

    #[test]
    fn a_folder_is_refused_while_another_search_writes_to_it() {
        let folder = std::env::temp_dir().join(format!("sre-bug-bench-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let lock = Results::lock(&folder).unwrap();
        assert!(Results::lock(&folder).unwrap_err().to_string().contains("in use by another search"));
        drop(lock);
        drop(Results::lock(&folder).unwrap());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn results_under_the_former_name_are_read() {
        let folder = std::env::temp_dir().join(format!("sre-bug-bench-former-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("find.jsonl"), format!("{}\n", row(1, 2.5, true).write())).unwrap();
        assert_eq!(Results::open(&folder).unwrap().rows, [row(1, 2.5, true)]);
        assert_eq!(Results::open(&folder).unwrap().rows.len(), 1, "the file has its new name");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn more_than_half_of_the_seeds_must_find_it() {
        let of = |rows: &[Row]| {
            let results = Results { path: PathBuf::new(), rows: rows.to_vec() };
            results.median("a", Side::Bytes)
        };
        assert_eq!(of(&[row(1, 3.0, true), row(2, 60.0, false), row(3, 5.0, true)]), Some(5.0));
        assert_eq!(of(&[row(1, 3.0, true), row(2, 60.0, false)]), None);
        assert_eq!(of(&[]), None);
    }
}
