"""What the tests share: running the driver, a cluster of processes, and the processes of `sre`."""

import glob
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest

import psutil

CLUSTER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SRE = os.environ.get("SRE", "")
# A cluster that somebody else started has Dask, and not this package.
ELSEWHERE = {"PYTHONPATH": ""}
# What a busy machine may take for anything that takes a second.
PATIENCE = 180


def until(what, found, patience=PATIENCE):
    """Waits until `found` returns something true, and returns that."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        result = found()
        if result:
            return result
        time.sleep(0.05)
    raise AssertionError(f"not within {patience} s: {what}")


class Place(unittest.TestCase):
    """A folder for the driver and one for the workers, and the processes that the test started."""

    def setUp(self):
        if not os.path.isfile(SRE):
            self.skipTest("SRE names no sre")
        self.folder = tempfile.mkdtemp(prefix="sre-cluster-test-")
        self.processes = []
        self.environment = dict(
            os.environ, SRE=SRE, SRE_CLUSTER_DIR=os.path.join(self.folder, "worker"), SRE_CLUSTER_REPORT="0.2",
            PYTHONPATH=CLUSTER, DASK_CONFIG=os.path.join(CLUSTER, "dask.yaml"),
        )

    def tearDown(self):
        for process in self.processes:
            tree = [process]
            try:
                tree += psutil.Process(process.pid).children(recursive=True)
            except psutil.NoSuchProcess:
                pass
            for one in tree:
                try:
                    one.kill()
                except (psutil.NoSuchProcess, ProcessLookupError):
                    pass
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream:
                    stream.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, command, **environment):
        process = subprocess.Popen(
            command, cwd=self.folder, env=dict(self.environment, **environment), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        self.processes.append(process)
        return process

    def driver(self, *words, **environment):
        return self.start(
            [sys.executable, "-m", "sre_cluster", "--dashboard", "127.0.0.1:0", "--workers", "2", *words], **environment
        )

    def program(self, body):
        """Writes a program that does something for some shards, and else is `sre`."""
        path = os.path.join(self.folder, "program")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!{sys.executable} -I\nimport json, os, subprocess, sys\nsre, words = {SRE!r}, sys.argv[1:]\n{body}\n"
                       "os.execv(sre, [sre, *words])\n")
        os.chmod(path, stat.S_IRWXU)
        return ["--sre", path]

    def end(self, process):
        """Waits for a driver. Returns its status, its result and its messages."""
        out, said = process.communicate(timeout=PATIENCE)
        return process.returncode, (json.loads(out) if out.startswith("{") else out), said

    def says(self, process, what):
        """Waits for a message of a process."""
        said = []
        for line in process.stderr:
            said.append(line)
            if what in line:
                return
        self.fail(f"not said: {what}: {''.join(said)}")

    def scheduler(self):
        """Starts a scheduler on a port that is free. Returns the process and its address."""
        path = os.path.join(self.folder, f"scheduler-{len(self.processes)}.json")
        dask = [sys.executable, "-m", "dask", "scheduler"]
        process = self.start([*dask, "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", path], **ELSEWHERE)

        def address():
            self.assertIsNone(process.poll(), "the scheduler ended")
            try:
                with open(path, encoding="utf-8") as file:
                    return json.load(file)["address"]
            except (OSError, ValueError):
                return None

        return process, until("the scheduler is there", address)

    def worker(self, address, name, **environment):
        dask = [sys.executable, "-m", "dask", "worker"]
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name, "--host", "127.0.0.1"]
        return self.start([*dask, address, *options], **{**ELSEWHERE, **environment})

    def shards_running(self, process):
        """Returns the processes of `sre --shard` below a process."""
        try:
            below = psutil.Process(process.pid).children(recursive=True)
            return [child for child in below if "--shard" in child.cmdline() and "--state" in child.cmdline()]
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            return []

    def in_mid_shard(self, process):
        """Waits until a shard is partly done, and returns its `sre`."""

        def found():
            for child in self.shards_running(process):
                try:
                    words = child.cmdline()
                    with open(words[words.index("--state") + 1], encoding="utf-8") as file:
                        if json.load(file)["state"]["parts"][0]["done"]:
                            return child
                except (OSError, ValueError, IndexError, psutil.Error):
                    continue
            return None

        return until("a shard is partly done", found)

    def compared(self, result):
        return [python["compared"] for python in result["pythons"]]

    def states(self):
        return sorted(os.path.basename(path) for path in glob.glob(os.path.join(self.folder, ".sre-cluster/*/*.json")))


def kill(pid):
    os.kill(pid, signal.SIGKILL)
