//! Measures how the time of sre-compiler is divided among its stages.

use std::time::Instant;

use anyhow::Result;
use serde::Serialize;
use sre_compiler::{Compiler, Dialect, Program, Stage};

use crate::Sample;
use crate::engines::Input;
use sre_report::statistics::Spread;

/// A stage of the compiler, with its time for one pass over all patterns.
#[derive(Debug, Serialize)]
pub struct StageTime {
    /// Name of the stage.
    pub stage: &'static str,
    /// Nanoseconds, without those for reading the clock.
    pub time: Spread,
}

const STAGES: [(Stage, &str); 3] = [(Stage::Parse, "parse"), (Stage::Info, "info"), (Stage::Code, "code")];

/// A compiler that is timed stage by stage.
pub(crate) struct Staged {
    compiler: Compiler,
    program: Program,
    inputs: Vec<Input>,
    passes: [Vec<f64>; STAGES.len()],
}

impl Staged {
    pub(crate) fn new(samples: &[Sample], dialect: Dialect) -> Staged {
        Staged {
            compiler: Compiler::new(dialect),
            program: Program::new(dialect),
            inputs: samples.iter().map(Input::new).collect(),
            passes: Default::default(),
        }
    }

    /// Times one more pass over all patterns.
    pub(crate) fn pass(&mut self, clock: f64) -> Result<()> {
        let mut sums = [0.0; STAGES.len()];
        for input in &self.inputs {
            let mut start = Instant::now();
            let mut done = |stage: Stage| {
                let time = start.elapsed().as_nanos() as f64 - clock;
                if let Some(at) = STAGES.iter().position(|(known, _)| *known == stage) {
                    sums[at] += time.max(0.0);
                }
                start = Instant::now();
            };
            let flags = input.flags();
            self.compiler.compile_in_stages(input.pattern()?, flags, &mut self.program, &mut done)?;
        }
        self.passes.iter_mut().zip(sums).for_each(|(passes, sum)| passes.push(sum));
        Ok(())
    }

    pub(crate) fn finish(self) -> Vec<StageTime> {
        let stages = STAGES.iter().zip(self.passes);
        stages.map(|((_, stage), passes)| StageTime { stage, time: Spread::of(passes) }).collect()
    }
}
