//! Signals while a program runs: they are meant for it, and it says what comes of them.

use std::io;
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};

/// From its making to its end, signals that would end this process do not.
///
/// Those that the keyboard sends reach the program anyway; the others are passed on.
pub(super) struct Guard {
    signals: Signals,
}

/// Ends the passing on.
pub(super) struct Forwarding(Handle);

impl Guard {
    pub(super) fn new() -> io::Result<Guard> {
        Ok(Guard { signals: Signals::new([SIGINT, SIGQUIT, SIGTERM, SIGHUP])? })
    }

    /// Passes signals on to a process, which is still to be waited for.
    pub(super) fn forward_to(mut self, process: u32) -> Forwarding {
        let handle = self.signals.handle();
        let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
        thread::spawn(move || {
            for signal in self.signals.forever() {
                let signal = match signal {
                    SIGTERM => Signal::TERM,
                    SIGHUP => Signal::HUP,
                    _ => continue,
                };
                // It may have ended already.
                let _ = pid.map(|pid| kill_process(pid, signal));
            }
        });
        Forwarding(handle)
    }
}

impl Drop for Forwarding {
    fn drop(&mut self) {
        self.0.close();
    }
}
