//! The step `cluster`: the driver in `cluster/`, whose workers and hosts are killed.

use std::process::Command;

use anyhow::Result;

use crate::shell::{cargo, output, root, target};
use crate::test::{Context, StepResult};

pub(crate) fn step(context: &Context) -> Result<StepResult> {
    let run = root().join("cluster/run");
    if let Err(why) = context.run(Command::new(&run).arg("--install")) {
        return Ok(StepResult::Skipped(format!("Dask could not be installed from PyPI: {why:#}")));
    }
    context.run(cargo().args(["build", "--package", "sre-cli", "--bin", "sre"]).args(context.features()))?;
    let built = target().join("debug/sre");
    // Its debug information would be sent to each worker.
    let small = target().join("xtask/sre-of-the-cluster");
    let program = match output(Command::new("strip").arg("-o").arg(&small).arg(&built)) {
        Ok(_) => small,
        Err(_) => built,
    };
    let mut test = Command::new(&run);
    // With the hosts that are cut off, where that is possible.
    context.run(test.args(["test", "-v"]).env("SRE", program).env("SRE_CLUSTER_TESTS", "all"))?;
    let printed = context.printed();
    let ran = printed.lines().rev().find_map(|line| line.strip_prefix("Ran "));
    Ok(StepResult::Passed(ran.unwrap_or_default().to_owned()))
}
