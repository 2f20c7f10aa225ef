//! What the page gets for patterns of real programs is what the compiler answers.

mod common;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::ExitCode;

use sre_case::wire;
use sre_explorer::Explorer;
use sre_test_support::{Missing, Prerequisite, test};

fn main() -> ExitCode {
    sre_test_support::run(vec![test("two_thousand_samples_show_what_each_dialect_answers", samples)])
}

fn samples() -> Result<(), Missing> {
    let path = Prerequisite::Samples.require(sre_test_support::samples())?;
    let lines = BufReader::new(File::open(path).expect("the samples")).lines();
    let mut explorer = Explorer::default();
    let mut compared = 0;
    // Every seventh, so that they come from many programs.
    for line in lines.step_by(7).take(2000) {
        let request = wire::parse_request(line.expect("a line").as_bytes()).expect("a case");
        if let Some(difference) = common::difference(&mut explorer, &request.case) {
            panic!("{:?}: {difference}", request.case);
        }
        compared += 1;
    }
    assert_eq!(compared, 2000, "too few samples");
    Ok(())
}
