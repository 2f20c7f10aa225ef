//! `sre soak` with a planted slow leak, which must be found within two minutes, and without one.

use std::fs::File;
use std::io::Write;
use std::process::Command;
use std::thread;

use crate::shell::{cargo, finish, make_folder, root, show, target};

/// For how long each soaks, in minutes.
const MINUTES: &str = "2";

/// What is planted, as `SRE_SOAK_PLANT` has it; nothing in the last.
const PLANTS: [Option<&str>; 3] = [Some("leak"), Some("retain"), None];

/// Soaks with each defect at the same time; says what came of it.
pub(crate) fn run(embedded: bool, log: Option<&File>) -> Result<Vec<String>, String> {
    let mut build = cargo();
    build.args(["build", "--release", "--package", "sre-cli", "--bin", "sre"]);
    build.args(embedded.then_some("--features=embedded"));
    finish(&mut build, log)?;
    make_folder(&target().join("xtask"))?;
    let results = thread::scope(|scope| {
        let threads = PLANTS.map(|plant| scope.spawn(move || soak(plant)));
        threads.map(|thread| thread.join().unwrap_or_else(|_| Err("a thread panicked".to_owned())))
    });
    let mut lines = Vec::new();
    for (plant, result) in PLANTS.into_iter().zip(results) {
        let (status, printed) = result?;
        if let Some(mut log) = log {
            log.write_all(printed.as_bytes()).map_err(|error| format!("the log: {error}"))?;
        }
        // Latency may seem to grow on a busy machine, where nothing is planted.
        let is_right = match plant {
            Some(_) => status == Some(2) && live_bytes_grow(&printed),
            None => matches!(status, Some(0 | 2)) && !live_bytes_grow(&printed),
        };
        if !is_right {
            let name = plant.unwrap_or("clean");
            return Err(format!("sre soak, {name}: exit status {status:?}\n{printed}"));
        }
        lines.push(match plant {
            Some(name) => format!("slow {name} caught by sre soak in {MINUTES} minutes"),
            None => format!("sre soak clean over {MINUTES} minutes"),
        });
    }
    Ok(lines)
}

/// Exit status, and what was printed.
fn soak(plant: Option<&str>) -> Result<(Option<i32>, String), String> {
    let mut sre = Command::new(target().join("release/sre"));
    let page = target().join("xtask").join(format!("soak-{}.html", plant.unwrap_or("clean")));
    sre.args(["soak", "--minutes", MINUTES, "--output"]).arg(page).current_dir(root());
    sre.env_remove("SRE_SOAK_PLANT").envs(plant.map(|plant| ("SRE_SOAK_PLANT", plant)));
    let done = sre.output().map_err(|error| format!("{}: {error}", show(&sre)))?;
    let printed = [done.stdout, done.stderr].concat();
    Ok((done.status.code(), String::from_utf8_lossy(&printed).into_owned()))
}

/// Is the verdict over live bytes, which stands below the name of their curve, that they grow?
fn live_bytes_grow(printed: &str) -> bool {
    let mut lines = printed.lines().skip_while(|line| !line.starts_with("live"));
    lines.nth(1).is_some_and(|verdict| verdict.trim_start().starts_with("growing:"))
}

#[cfg(test)]
mod tests {
    use super::live_bytes_grow;

    #[test]
    fn the_verdict_over_live_bytes_is_read() {
        let printed = |verdict| {
            format!("Rust\n  100 patterns\nlive bytes\n  {verdict}: +1\nresident memory\n  growing: +9\n")
        };
        assert!(live_bytes_grow(&printed("growing")));
        assert!(!live_bytes_grow(&printed("not growing")));
        assert!(!live_bytes_grow("resident memory\n  growing: +9\n"));
    }
}
