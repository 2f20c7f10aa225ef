"""Progress on a terminal, and divergences as they are found."""

import sys
import time

from sre_cluster import states

# Between two lines where standard error is no terminal, in seconds.
QUIET = 60

# Most divergences that are shown as they are found.
SHOWN = 20


class Progress:
    def __init__(self, job, out=None):
        self.job, self.out = job, out or sys.stderr
        self.is_terminal = self.out.isatty()
        self.done, self.complete, self.shown = {}, 0, 0.0
        self.started, self.before = time.monotonic(), None
        self.signatures = set()

    def set_done(self, index, units):
        self.done[index] = max(units, self.done.get(index, 0))

    def finished(self, index, state):
        """Counts a shard that is complete."""
        self.complete += 1
        self.set_done(index, states.done(state, index, self.job.shards))
        self.findings(states.findings(state))

    def line(self):
        done = sum(self.done.values())
        if self.before is None:
            self.before = done
        spent = time.monotonic() - self.started
        rate = (done - self.before) / spent if spent > 0 else 0.0
        left = f", {_time((self.job.units - done) / rate)} left" if rate > 0 else ""
        share = 100 * done / max(self.job.units, 1)
        return f"{self.complete}/{self.job.shards} shards, {share:.1f}%, {rate:.0f}/s{left}"

    def show(self):
        now = time.monotonic()
        if now - self.shown < (1 if self.is_terminal else QUIET):
            return
        self.shown = now
        line = self.line()
        self.out.write(f"\r\033[K{line}" if self.is_terminal else f"cluster: {line}\n")
        self.out.flush()

    def say(self, text):
        """Prints a line, with control characters escaped."""
        text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
        clear = "\r\033[K" if self.is_terminal else ""
        self.out.write(f"{clear}cluster: {text}\n")
        self.out.flush()

    def findings(self, found):
        for python, signature, case in found:
            if (python, signature) in self.signatures:
                continue
            self.signatures.add((python, signature))
            if len(self.signatures) <= SHOWN:
                pattern = case["pattern"] if "pattern" in case else "".join(map(chr, case["codepoints"]))
                pattern = repr(pattern if len(pattern) <= 40 else pattern[:40] + "…")
                self.say(f"divergence in {python}: {signature}: {case['kind']} {pattern}, flags {case['flags']}")
            elif len(self.signatures) == SHOWN + 1:
                self.say("more divergences; they are shown at the end")

    def end(self):
        if self.is_terminal:
            self.out.write("\r\033[K")
            self.out.flush()


def _time(seconds):
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
