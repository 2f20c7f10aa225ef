//! `sre soak` with an injected slow leak, which must be found within two minutes, and without one.

use std::fs::File;
use std::io::Write;
use std::process::Command;
use std::thread;

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::Value;

use crate::shell::{cargo, finish, make_folder, root, show, target};

/// For how long each soaks, in minutes.
const MINUTES: &str = "2";

/// What is injected, as `SRE_SOAK_INJECT` has it; nothing in the last.
const DEFECTS: [Option<&str>; 3] = [Some("leak"), Some("retain"), None];

/// Soaks with each defect at the same time; says what came of it.
pub(crate) fn run(embedded: bool, log: Option<&File>) -> Result<Vec<String>> {
    let mut build = cargo();
    build.args(["build", "--release", "--package", "sre-cli", "--bin", "sre"]);
    build.args(embedded.then_some("--features=embedded"));
    finish(&mut build, log)?;
    make_folder(&target().join("xtask"))?;
    let results = thread::scope(|scope| {
        let threads = DEFECTS.map(|name| scope.spawn(move || soak(name)));
        threads.map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("a thread panicked"))))
    });
    let mut lines = Vec::new();
    for (name, result) in DEFECTS.into_iter().zip(results) {
        let Soaked { status, grows, printed } = result?;
        if let Some(mut log) = log {
            log.write_all(printed.as_bytes()).context("the log")?;
        }
        // Latency may seem to grow on a busy machine, where nothing is injected.
        let is_right = match name {
            Some(_) => status == Some(2) && grows,
            None => matches!(status, Some(0 | 2)) && !grows,
        };
        if !is_right {
            let name = name.unwrap_or("clean");
            bail!("sre soak, {name}: exit status {status:?}\n{printed}");
        }
        lines.push(match name {
            Some(name) => format!("slow {name} caught by sre soak in {MINUTES} minutes"),
            None => format!("sre soak clean over {MINUTES} minutes"),
        });
    }
    Ok(lines)
}

/// Soaks with a defect or without; returns what came of it.
fn soak(name: Option<&str>) -> Result<Soaked> {
    let mut sre = Command::new(target().join("release/sre"));
    let page = target().join("xtask").join(format!("soak-{}.html", name.unwrap_or("clean")));
    sre.args(["soak", "--minutes", MINUTES, "--format", "json", "--output"]).arg(page).current_dir(root());
    sre.env_remove("SRE_SOAK_INJECT").envs(name.map(|name| ("SRE_SOAK_INJECT", name)));
    let done = sre.output().with_context(|| show(&sre))?;
    let grows = live_bytes_grow(&done.stdout);
    let printed = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    Ok(Soaked { status: done.status.code(), grows: grows.with_context(|| printed.clone())?, printed })
}

/// What came of a soak.
struct Soaked {
    status: Option<i32>,
    /// Whether live bytes grow, by the verdict.
    grows: bool,
    printed: String,
}

/// Returns whether the verdict over live bytes, in the JSON of `sre soak`, is that they grow.
fn live_bytes_grow(json: &[u8]) -> Result<bool> {
    let soaked: Value = serde_json::from_slice(json).context("the JSON of sre soak")?;
    let curves = soaked["curves"].as_array().context("the JSON of sre soak has no \"curves\"")?;
    let live = |curve: &&Value| curve["name"].as_str().is_some_and(|name| name.starts_with("live"));
    let live = curves.iter().find(live).context("no curve of live bytes in the JSON of sre soak")?;
    Ok(live["verdict"] == "worse")
}

#[cfg(test)]
mod tests {
    use super::live_bytes_grow;

    #[test]
    fn the_verdict_over_live_bytes_is_read() {
        let json = |live| {
            format!(
                r#"{{"curves": [{{"name": "latency", "verdict": "worse"}},
                   {{"name": "live bytes", "verdict": "{live}"}}]}}"#
            )
        };
        assert!(live_bytes_grow(json("worse").as_bytes()).unwrap());
        assert!(!live_bytes_grow(json("fine").as_bytes()).unwrap());
        assert!(live_bytes_grow(b"").is_err() && live_bytes_grow(br#"{"curves": []}"#).is_err());
    }
}
