"""`cluster/run efficiency`: what the driver costs, against plain processes of `sre` that do the same.

In turns, so that a machine with other load slows both: as many plain processes as workers, each with its share of the
job, and then the driver with as many workers. Wall time, and the processor time of all processes. The efficiency is
that of the plain processes divided by that of the driver."""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from sre_cluster.__main__ import ROOT, program


def measured(action):
    """Returns the wall time and the processor time of what an action starts and waits for, in seconds."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    action()
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ended(process):
    if process.wait() not in (0, 2, 3):
        raise SystemExit(f"{process.args} ended with status {process.returncode}")


def main():
    parser = argparse.ArgumentParser(prog="cluster/run efficiency", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=120, help="length of a shard")
    parser.add_argument("--sre")
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="VERB …", help="default: a sweep of four tokens")
    given = parser.parse_args()
    sre = program(given.sre)
    words = given.words or ["exhaustive", "--tokens", "4", "--pythons", "newest"]
    folder = tempfile.mkdtemp(prefix="sre-efficiency-")
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    def plain():
        shards = [f"{index}/{given.workers}" for index in range(given.workers)]
        command = [sre, *words, "--jobs", "1", "--shard"]
        states = [os.path.join(folder, f"plain-{index}.json") for index in range(given.workers)]
        started = [subprocess.Popen([*command, shard, "--state", state], **quiet) for shard, state in zip(shards, states)]
        for process in started:
            ended(process)
        ended(subprocess.Popen([sre, "merge", *states], **quiet))

    def driver():
        command = [os.path.join(ROOT, "cluster/run"), "--dir", os.path.join(folder, "driver"), "--sre", sre]
        command += ["--workers", str(given.workers), "--seconds", str(given.seconds)]
        environment = dict(os.environ, SRE_CLUSTER_DIR=os.path.join(folder, "worker"))
        ended(subprocess.Popen([*command, *words], env=environment, **quiet))

    rows = []
    try:
        for number in range(1, given.rounds + 1):
            pair = []
            for action in (plain, driver):
                shutil.rmtree(folder, ignore_errors=True)
                os.makedirs(folder)
                pair.append(measured(action))
            rows.append(pair)
            (wall, cpu), (driver_wall, driver_cpu) = pair
            print(f"round {number}: plain {wall:.1f} s, {cpu:.1f} s of CPU; driver {driver_wall:.1f} s, {driver_cpu:.1f} s of CPU",
                  flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for name, at in (("wall time", 0), ("processor time", 1)):
        ratios = [plain[at] / driver[at] for plain, driver in rows]
        print(f"efficiency by {name}: {statistics.mean(ratios):.3f}, from {min(ratios):.3f} to {max(ratios):.3f}; "
              f"load {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
