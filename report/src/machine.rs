//! The machine that something was measured on, and how busy it was.

use std::fs;
use std::time::Instant;

use serde::Serialize;

/// A machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// Operating system and architecture.
    pub system: String,
    /// Name of the processor; `unknown` where the system does not provide it.
    pub processor: String,
    /// Number of threads that run at the same time.
    pub threads: usize,
}

impl Machine {
    /// Describes this machine.
    pub fn this() -> Machine {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let name = cpuinfo.lines().find(|line| line.starts_with("model name"));
        let name = name.and_then(|line| line.split_once(": ")).map_or("unknown processor", |(_, name)| name);
        Machine {
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            processor: name.trim().to_owned(),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

impl std::fmt::Display for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plural = if self.threads == 1 { "" } else { "s" };
        write!(f, "{}, {} thread{plural}, {}", self.processor, self.threads, self.system)
    }
}

/// Watches how busy other programs keep the machine during a measurement.
#[derive(Debug)]
pub struct Load {
    start: Instant,
    ticks: Option<Ticks>,
}

/// How busy the machine was during a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Usage {
    /// Seconds of the measurement.
    pub seconds: f64,
    /// Number of processors that other programs used on average; `None` without /proc.
    pub others: Option<f64>,
}

/// Processor time in the unit of /proc.
#[derive(Clone, Copy, Debug)]
struct Ticks {
    busy: u64,
    total: u64,
    own: u64,
}

/// Other programs that use more than this share of the machine disturb a measurement.
const BUSY: f64 = 0.1;

impl Load {
    /// Starts watching.
    pub fn start() -> Load {
        Load { start: Instant::now(), ticks: Ticks::now() }
    }

    /// Returns the usage since the start.
    pub fn usage(&self) -> Usage {
        let others = self.ticks.zip(Ticks::now()).and_then(|(before, now)| {
            let (busy, own) = (now.busy.saturating_sub(before.busy), now.own.saturating_sub(before.own));
            let (total, threads) = (now.total.saturating_sub(before.total), Machine::this().threads as f64);
            (total > 0).then(|| busy.saturating_sub(own) as f64 / total as f64 * threads)
        });
        Usage { seconds: self.start.elapsed().as_secs_f64(), others }
    }
}

impl Usage {
    /// Returns a warning if other programs disturbed the measurement.
    pub fn warning(&self) -> Option<String> {
        let threads = Machine::this().threads;
        let others = self.others.filter(|others| *others > BUSY * threads as f64)?;
        Some(format!(
            "The machine was busy: other programs used {others:.1} of its {threads} processors. \
             Close them and measure again."
        ))
    }
}

impl Ticks {
    fn now() -> Option<Ticks> {
        let stat = fs::read_to_string("/proc/stat").ok()?;
        let (busy, total) = system_ticks(&stat)?;
        Some(Ticks { busy, total, own: own_ticks() })
    }
}

/// Returns the busy and the total ticks of all processors.
fn system_ticks(stat: &str) -> Option<(u64, u64)> {
    let numbers = stat.lines().next()?.split_whitespace().skip(1);
    // user, nice, system, idle, iowait, irq, softirq, steal.
    let numbers: Vec<u64> = numbers.take(8).map_while(|number| number.parse().ok()).collect();
    let idle = numbers.get(3)? + numbers.get(4)?;
    let total: u64 = numbers.iter().sum();
    Some((total - idle, total))
}

/// Returns the ticks of this process and of those that it started, directly or not.
fn own_ticks() -> u64 {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes: Vec<Process> = entries
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            Process::parse(pid, &fs::read_to_string(entry.path().join("stat")).ok()?)
        })
        .collect();
    let mut own = vec![std::process::id()];
    let mut ticks = 0;
    while let Some(pid) = own.pop() {
        ticks +=
            processes.iter().filter(|process| process.pid == pid).map(|process| process.ticks).sum::<u64>();
        own.extend(processes.iter().filter(|process| process.parent == pid).map(|process| process.pid));
    }
    ticks
}

/// A process in /proc.
#[derive(Debug, PartialEq, Eq)]
struct Process {
    pid: u32,
    parent: u32,
    /// Its own ticks, and those of children that ended.
    ticks: u64,
}

impl Process {
    fn parse(pid: u32, stat: &str) -> Option<Process> {
        // After the name, which may contain spaces: state, parent, and from the 12th field on utime, stime, cutime,
        // cstime.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = fields.get(11..15)?.iter().filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Some(Process { pid, parent: fields.get(1)?.parse().ok()?, ticks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_times_are_read() {
        let stat = "cpu  10 20 30 400 50 6 7 8 0 0\ncpu0 1 1 1 1\n";
        let own = "42 (a b) c) R 1 2 3 4 5 6 7 8 9 10 100 20 3 4 20 0";
        assert_eq!(system_ticks(stat), Some((81, 531)));
        assert_eq!(Process::parse(42, own), Some(Process { pid: 42, parent: 1, ticks: 127 }));
        assert_eq!((system_ticks(""), Process::parse(1, "")), (None, None));
    }

    #[test]
    fn only_a_busy_machine_gives_a_warning() {
        let threads = Machine::this().threads as f64;
        let usage = |others| Usage { seconds: 1.0, others };
        assert_eq!((usage(None).warning(), usage(Some(0.05 * threads)).warning()), (None, None));
        assert!(usage(Some(0.5 * threads)).warning().unwrap().starts_with("The machine was busy"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_work_of_this_process_is_not_that_of_others() {
        let load = Load::start();
        let start = Instant::now();
        while start.elapsed().as_millis() < 300 {
            std::hint::black_box(start);
        }
        let usage = load.usage();
        let threads = Machine::this().threads as f64;
        assert!(usage.seconds >= 0.3 && usage.others.unwrap() <= threads, "{usage:?}");
    }
}
