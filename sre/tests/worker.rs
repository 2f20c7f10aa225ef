//! An interpreter as a child process that misbehaves, or is asked for much.

#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use std::time::Duration;

use sre_case::{Case, Oracle, Outcome};
use sre_compiler::Flags;
use sre_oracle::{PYTHON_SOURCE, Worker};
use sre_test_support::Missing;

/// Misbehaves on certain patterns.
const UNRULY: &str = r#"
real_reply, count = reply, 0
def reply(line):
    import os, signal, time
    patterns = [text for kind, text, flags in json.loads(line)[1]]
    if "die" in patterns: os.kill(os.getpid(), signal.SIGKILL)
    if "exit" in patterns: os._exit(3)
    if "hang" in patterns: time.sleep(1000)
    if "nonsense" in patterns: return ["nonsense"]
    if "noise" in patterns: print("noise"); os.write(1, b"noise\n")
    return real_reply(line)
import json
main()
"#;

fn a_process_that_dies_hangs_or_rambles_loses_its_own_case_only() -> Result<(), Missing> {
    let python = common::python3()?;
    let program = PYTHON_SOURCE.replace("\n    main()\n", "\n    pass\n") + UNRULY;
    let mut worker = Worker::start_with(&python.path, &program).unwrap();
    worker.set_time_limit(Duration::from_millis(300));
    let patterns = ["a", "die", "b", "noise", "exit", "hang", "c", "nonsense", "d", "die"];
    let cases = patterns.map(|pattern| Case::str(pattern, Flags::empty()));
    let shown = worker.outcomes(&cases).into_iter().map(|outcome| match outcome {
        Outcome::Accepted(accepted) => format!("{} words", accepted.code.len()),
        Outcome::Rejected(rejected) => rejected.message.to_string(),
        Outcome::NoAnswer { why } => why,
    });
    let shown: Vec<String> = shown.collect();
    assert_eq!(shown[0], shown[2]);
    assert!(shown[1].contains("signal: 9"), "{shown:?}");
    assert!(shown[3].ends_with("words") && shown[6] == shown[0] && shown[8] == shown[0], "{shown:?}");
    assert!(shown[4].contains("exit status: 3") && shown[5].contains("0.3 s"), "{shown:?}");
    assert!(shown[7].contains("invalid reply"), "{shown:?}");
    assert!(shown[9].contains("signal: 9"), "{shown:?}");
    Ok(())
}

fn batches_beyond_the_size_of_any_pipe_go_through() -> Result<(), Missing> {
    let mut worker = Worker::start(&common::python3()?.path).unwrap();
    let long = "[^a]?".repeat(4000);
    let cases: Vec<Case> = (0..100).map(|n| Case::str(&format!("{n}{long}"), Flags::empty())).collect();
    let outcomes = worker.outcomes(&cases);
    assert_eq!(outcomes.len(), cases.len());
    assert!(outcomes.iter().all(|outcome| outcome.accepted().is_some()));
    assert_eq!(worker.replaced(), 0);
    Ok(())
}

sre_test_support::tests! {
    a_process_that_dies_hangs_or_rambles_loses_its_own_case_only,
    batches_beyond_the_size_of_any_pipe_go_through,
}
