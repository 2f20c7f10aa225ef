//! Forwarding signals to the recorded program.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
use signal_hook::flag;
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::raw::WithRawSiginfo;

/// The signals that end a process by default.
const SIGNALS: [i32; 6] = [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2];

/// From its making to the end of the program, signals that would end this process do not.
///
/// A signal that is ignored when this process starts, as `nohup` and shells in the background have
/// it, stays ignored, in the program too: a handler here would be reset to the default there.
pub(super) struct Guard {
    signals: SignalsInfo<WithRawSiginfo>,
    ended: Arc<AtomicBool>,
}

/// Ends the forwarding when it is dropped.
pub(super) struct Forwarding(Arc<AtomicBool>);

impl Guard {
    pub(super) fn new() -> io::Result<Guard> {
        let wanted: Vec<i32> = SIGNALS.into_iter().filter(|&signal| !is_ignored(signal)).collect();
        let ended = Arc::new(AtomicBool::new(false));
        for &signal in &wanted {
            // Decided when a signal arrives: one that ends the program must not end this process
            // after it.
            flag::register_conditional_default(signal, Arc::clone(&ended))?;
        }
        Ok(Guard { signals: SignalsInfo::new(wanted)?, ended })
    }

    /// Forwards signals to a process that was not waited for yet.
    pub(super) fn forward_to(mut self, process: u32) -> Forwarding {
        let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
        let forwarding = Forwarding(Arc::clone(&self.ended));
        thread::spawn(move || {
            for info in self.signals.forever() {
                let signal = Signal::from_named_raw(info.si_signo);
                if let (false, Some(pid), Some(signal)) = (self.ended.load(Ordering::Acquire), pid, signal)
                    && !has_reached_the_program(&info)
                {
                    // The program may have ended already.
                    let _ = kill_process(pid, signal);
                }
            }
        });
        forwarding
    }
}

impl Drop for Forwarding {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Returns whether a signal came from the keyboard, which sends it to the program as well.
fn has_reached_the_program(info: &libc::siginfo_t) -> bool {
    let from_keyboard = matches!(info.si_signo, SIGINT | SIGQUIT);
    // On Linux, processes send with codes up to 0; elsewhere who sent it is not known.
    if cfg!(any(target_os = "linux", target_os = "android")) { info.si_code > 0 } else { from_keyboard }
}

/// Returns whether a signal is ignored.
fn is_ignored(signal: i32) -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: without a new action, `sigaction` only writes the present one to where `action` points; zeros are a valid value
    // of that structure, too.
    let action = unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr());
        action.assume_init()
    };
    action.sa_sigaction == libc::SIG_IGN
}
