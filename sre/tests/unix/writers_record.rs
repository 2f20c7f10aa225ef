//! What `sre record` writes.

use super::*;

fn record(folder: &Path, output: &str, program: &[&str]) -> Command {
    let mut command = sre(folder, &["record", "--quiet", "--output", output, "--python"]);
    command.arg(python().expect("the test requires it")).arg("--").args(program);
    command
}

/// `sh` with a script that may use `$SRE` and `$PYTHON`.
fn shell(folder: &Path, script: &str) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(folder);
    command.env("SRE", SRE).env("PYTHON", python().expect("the test requires it"));
    with_default_signals(&command).output().unwrap()
}

/// Starts a program with the default actions of signals, whatever this process ignores: a shell
/// without job control has its background jobs ignore SIGINT and SIGQUIT, and so would the program.
fn with_default_signals(command: &Command) -> Command {
    const START: &str = "import os, signal, sys
for number in (1, 2, 3, 10, 15): signal.signal(number, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])";
    let mut started = Command::new(python().expect("the test requires it"));
    started.args(["-c", START]).arg(command.get_program()).args(command.get_args());
    started.current_dir(command.get_current_dir().expect("each test has a folder"));
    started.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    started
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn record_follows_links_and_keeps_modes_devices_and_fifos() -> Result<(), Missing> {
    python()?;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let run = |output: &str| {
        let done = record(folder.path(), output, &["-c", "import re; re.compile('one')"]).output().unwrap();
        assert_eq!((done.status.code(), stderr(&done)), (Some(0), String::new()), "{output}");
        String::from_utf8(done.stdout).unwrap()
    };
    fs::create_dir(at("sub")).unwrap();
    fs::write(at("sub/file"), "old").unwrap();
    fs::set_permissions(at("sub/file"), fs::Permissions::from_mode(0o600)).unwrap();
    symlink("sub/file", at("link")).unwrap();
    run("link");
    assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
    assert!(text(&at("sub/file")).contains("\"one\""));
    assert_eq!(fs::metadata(at("sub/file")).unwrap().mode() & 0o7777, 0o600);

    make_fifo(&at("fifo"));
    let reader = thread::spawn({
        let fifo = at("fifo");
        move || fs::read_to_string(fifo).unwrap()
    });
    run("fifo");
    assert!(reader.join().unwrap().contains("\"one\""));
    assert!(fs::symlink_metadata(at("fifo")).unwrap().file_type().is_fifo());

    assert!(run("/dev/stdout").contains("\"one\""));
    symlink("/dev/null", at("null")).unwrap();
    run("null");
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let expected = ["fifo", "link", "null", "sub"].map(str::to_owned);
    assert_eq!((names(folder.path()), names(&at("sub"))), (expected.to_vec(), vec!["file".to_owned()]));
    Ok(())
}

fn record_writes_to_a_device_and_leaves_it_one() -> Result<(), Missing> {
    python()?;
    let folder = tempfile::tempdir().unwrap();
    let device = folder.path().join("device");
    let made = Command::new("mknod").arg(&device).args(["c", "1", "3"]).output();
    Prerequisite::Root.require(made.ok().filter(|made| made.status.success()))?;
    let done = record(folder.path(), "device", &["-c", "import re; re.compile('one')"]).output().unwrap();
    assert_eq!((done.status.code(), stderr(&done)), (Some(0), String::new()));
    assert!(fs::symlink_metadata(&device).unwrap().file_type().is_char_device());
    assert_eq!(names(folder.path()), ["device"]);
    Ok(())
}

fn a_recording_stays_until_the_program_has_run() -> Result<(), Missing> {
    python()?;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.jsonl");
    let old = "{\"kind\": \"str\", \"pattern\": \"old\", \"flags\": 0}\n";
    let run = |program: &[&str]| {
        fs::write(&file, old).unwrap();
        let done = record(folder.path(), "out.jsonl", program).output().unwrap();
        assert_eq!(names(folder.path()), ["out.jsonl"]);
        (done.status.code(), text(&file) == old, stderr(&done))
    };
    let never_started = "missing.py: no such file here";
    let untouched = "out.jsonl is unchanged";
    for (program, expected) in [
        (&["missing.py"][..], never_started),
        (&["-m", "missing"], untouched),
        (&["-I", "-c", "import re; re.compile('a')"], untouched),
    ] {
        let (code, stayed, said) = run(program);
        assert_eq!((code, stayed), (Some(1), true), "{program:?}: {said}");
        assert!(said.contains(expected), "{said}");
    }
    let mut command =
        sre(folder.path(), &["record", "--python", "./missing", "-o", "out.jsonl", "--", "-c", "1"]);
    assert_eq!((command.output().unwrap().status.code(), text(&file)), (Some(1), old.to_owned()));
    // A program that ran replaces it, even if it compiled nothing, and so does one that fails after a recording.
    assert_eq!(run(&["-c", "pass"]), (Some(0), false, String::new()));
    assert_eq!(text(&file), "");
    assert_eq!(run(&["-c", "import re, os; re.compile('new'); os._exit(3)"]).0, Some(3));
    assert!(text(&file).contains("\"new\""));
    Ok(())
}

/// The program continues unaffected; its exit status is passed on unless it is 0.
fn what_cannot_be_recorded_is_reported() -> Result<(), Missing> {
    python()?;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.jsonl");
    let too_many = "import re, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 512)); re.compile('lost')
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 512)); re.compile('first'); print('done'); sys.exit(STATUS)";
    for (status, expected) in [("0", 1), ("3", 3)] {
        let program = too_many.replace("STATUS", status);
        let done = record(folder.path(), "out.jsonl", &["-c", &program]).output().unwrap();
        assert_eq!((done.status.code(), &done.stdout[..]), (Some(expected), &b"done\n"[..]));
        let said = stderr(&done);
        assert_eq!(said, "sre: the recording is incomplete: [Errno 24] Too many open files\n");
        assert!(text(&file).contains("\"first\"") && !text(&file).contains("\"lost\""), "{}", text(&file));
    }

    // Lines recorded once there is space again are not joined to the truncated line.
    let program = "import re, resource
resource.setrlimit(resource.RLIMIT_FSIZE, (120, resource.RLIM_INFINITY)); re.compile('before'); re.compile('cut off')
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2); re.compile('after'); print('done')";
    let done = record(folder.path(), "out.jsonl", &["-c", program]).output().unwrap();
    assert_eq!((done.status.code(), &done.stdout[..]), (Some(1), &b"done\n"[..]), "{}", stderr(&done));
    let (lines, said) = (text(&file), stderr(&done));
    assert!(
        lines.contains("\"before\"") && lines.contains("\"after\"") && !lines.contains("cut off"),
        "{lines}"
    );
    assert!(
        said.contains("[Errno 27]") && said.contains("truncated lines, skipped in the recording: 1"),
        "{said}"
    );

    // A file may have 16 KiB, as a disk may have no more.
    let script = "ulimit -f 32; exec \"$SRE\" record -o full.jsonl --python \"$PYTHON\" -- -c \"
import re
for n in range(400): re.compile('a%d' % n)
print('done')\"";
    let done = shell(folder.path(), script);
    assert_eq!((done.status.code(), &done.stdout[..]), (Some(1), &b"done\n"[..]), "{}", stderr(&done));
    assert!(stderr(&done).contains("incomplete: [Errno 27] File too large"), "{}", stderr(&done));
    let lines = text(&folder.path().join("full.jsonl"));
    assert!(lines.ends_with("}\n") && lines.lines().count() > 50, "whole lines only: {lines}");
    Ok(())
}

fn a_program_that_gives_up_its_rights_cannot_be_recorded() -> Result<(), Missing> {
    python()?;
    Prerequisite::Root.require(is_root().then_some(()))?;
    let folder = tempfile::tempdir().unwrap();
    let program = "import os, re; os.setuid(65534); re.compile('lost'); print('done')";
    let done = record(folder.path(), "out.jsonl", &["-c", program]).output().unwrap();
    assert_eq!((done.status.code(), &done.stdout[..]), (Some(1), &b"done\n"[..]));
    assert!(stderr(&done).contains("incomplete: [Errno 13] Permission denied"), "{}", stderr(&done));
    Ok(())
}

fn on_a_full_disk_what_was_recorded_stays_in_the_part() -> Result<(), Missing> {
    python()?;
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("disk")).unwrap();
    let mount = "mount -t tmpfs -o size=16k none disk";
    let tried = Command::new("unshare").args(["-m", "sh", "-c", mount]).current_dir(folder.path()).output();
    Prerequisite::Mount.require(tried.ok().filter(|tried| tried.status.success()))?;
    // Less than half of the disk is left for the second copy.
    let program = "import re\nfor n in range(150): re.compile('a%d' % n)";
    let script = format!(
        "{mount}; echo old > disk/out.jsonl; \"$SRE\" record -o disk/out.jsonl --python \"$PYTHON\" -- -c \"{program}\"
echo $?; cat disk/out.jsonl; ls -A disk; wc -l < disk/out.jsonl.part"
    );
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", &script]).current_dir(folder.path()).env("SRE", SRE);
    let done = command.env("PYTHON", python().expect("the test requires it")).output().unwrap();
    let printed = String::from_utf8_lossy(&done.stdout).into_owned();
    assert_eq!(printed, "1\nold\nout.jsonl\nout.jsonl.part\n150\n", "{}", stderr(&done));
    let said = stderr(&done);
    assert!(said.contains("cannot write disk/out.jsonl: No space left on device"), "{said}");
    assert!(said.contains("disk/out.jsonl.part\n"), "{said}");
    Ok(())
}

/// Starts a recording of a program that prints a line and waits; returns when the line is there.
fn waiting(folder: &Path, program: &str) -> Child {
    let mut command = with_default_signals(&record(folder, "out.jsonl", &["-c", program]));
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    child
}

fn a_signal_to_the_command_alone_reaches_the_program() -> Result<(), Missing> {
    python()?;
    let folder = tempfile::tempdir().unwrap();
    let program = "import re, signal, sys, time
def stop(number, frame): re.compile('handled'); sys.exit(number)
signal.signal(signal.SIGNAL, stop); print('ready', flush=True); time.sleep(60); sys.exit(99)";
    for (name, number) in [("INT", 2), ("QUIT", 3), ("TERM", 15), ("HUP", 1), ("USR1", 10)] {
        if name == "USR1" && !cfg!(target_os = "linux") {
            continue;
        }
        let child = waiting(folder.path(), &program.replace("SIGNAL", &format!("SIG{name}")));
        let kill = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let done = child.wait_with_output().unwrap();
        assert_eq!(done.status.code(), Some(number), "SIG{name}: {}", stderr(&done));
        assert!(text(&folder.path().join("out.jsonl")).contains("handled"), "SIG{name}");
    }
    Ok(())
}

/// A key of the terminal sends a signal to the program as well, which must not get it twice.
#[cfg(target_os = "linux")]
fn a_signal_of_the_keyboard_reaches_the_program_once() -> Result<(), Missing> {
    let python = python()?;
    let folder = tempfile::tempdir().unwrap();
    let program = "import signal, time
times = []
signal.signal(signal.SIGINT, lambda *_: times.append(1)); print('ready', flush=True)
while not times: time.sleep(0.01)
time.sleep(0.5); print('times', len(times), flush=True)";
    let terminal = "import os, pty, sys
pid, fd = pty.fork()
if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
seen = b''
while b'ready' not in seen: seen += os.read(fd, 1000)
os.write(fd, b'\\x03')
seen = b''
try:
    while part := os.read(fd, 1000): seen += part
except OSError: pass  # Linux's way to say that the other side has ended
print(seen.split(b'times')[1].split()[0].decode(), os.waitpid(pid, 0)[1])";
    let mut command = Command::new(python);
    command.args(["-c", terminal, SRE, "record", "--output", "out.jsonl", "--python"]).arg(python);
    let done = command.args(["--", "-c", program]).current_dir(folder.path()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&done.stdout), "1 0\n", "{done:?}");
    Ok(())
}

fn signals_that_are_ignored_stay_ignored_in_the_program() -> Result<(), Missing> {
    python()?;
    let folder = tempfile::tempdir().unwrap();
    let shown = "import signal; print([signal.getsignal(s) == signal.SIG_IGN for s in (1, 2, 3, 15)])";
    let run = |start: &str| {
        let script = format!("{start} \"$SRE\" record -o out.jsonl --python \"$PYTHON\" -- -c \"{shown}\"");
        String::from_utf8(shell(folder.path(), &script).stdout).unwrap()
    };
    assert_eq!(run("trap '' HUP; exec"), "[True, False, False, False]\n");
    assert_eq!(run("trap '' INT QUIT TERM; exec"), "[False, True, True, True]\n");
    if Command::new("nohup").arg("true").output().is_ok() {
        assert_eq!(run("nohup"), "[True, False, False, False]\n");
    }
    Ok(())
}

fn a_second_recording_to_the_same_file_is_refused() -> Result<(), Missing> {
    python()?;
    let folder = tempfile::tempdir().unwrap();
    symlink("out.jsonl", folder.path().join("link")).unwrap();
    let program = "import re, sys; print('ready', flush=True); re.compile(sys.stdin.read())";
    let mut first = waiting(folder.path(), program);
    for name in ["out.jsonl", "link"] {
        let second = record(folder.path(), name, &["-c", "print('ran')"]).output().unwrap();
        assert_eq!((second.status.code(), second.stdout), (Some(1), Vec::new()));
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        assert!(said.contains(&format!("{name} is being written by another `sre record`")), "{said}");
    }
    first.stdin.take().unwrap().write_all(b"first").unwrap();
    assert_eq!(first.wait_with_output().unwrap().status.code(), Some(0));
    assert!(text(&folder.path().join("out.jsonl")).contains("\"first\""));
    assert_eq!(names(folder.path()), ["link", "out.jsonl"]);
    // What a run left that was killed is no obstacle.
    fs::write(folder.path().join("out.jsonl.part"), "{\"kind\"").unwrap();
    let done = record(folder.path(), "out.jsonl", &["-c", "import re; re.compile('next')"]).output().unwrap();
    assert_eq!((done.status.code(), stderr(&done)), (Some(0), String::new()));
    assert_eq!(text(&folder.path().join("out.jsonl")).lines().count(), 1);
    Ok(())
}

pub(crate) fn tests() -> Vec<Trial> {
    sre_test_support::trials! {
        record_follows_links_and_keeps_modes_devices_and_fifos,
        record_writes_to_a_device_and_leaves_it_one,
        a_recording_stays_until_the_program_has_run,
        what_cannot_be_recorded_is_reported,
        a_program_that_gives_up_its_rights_cannot_be_recorded,
        on_a_full_disk_what_was_recorded_stays_in_the_part,
        a_signal_to_the_command_alone_reaches_the_program,
        #[cfg(target_os = "linux")]
        a_signal_of_the_keyboard_reaches_the_program_once,
        signals_that_are_ignored_stay_ignored_in_the_program,
        a_second_recording_to_the_same_file_is_refused,
    }
}
