"""What a worker does: runs `sre` for a shard, reports how far it is, and returns the state.

The module is sent to the workers by value: it imports only Dask and the standard library at the top, and what else it
needs from this package is sent along."""

import ctypes
import glob
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
import zlib

from distributed import WorkerPlugin, get_worker

from sre_cluster import states

# Between two looks at the process, and between two reports of what is done, in seconds.
LOOK, REPORT = 0.2, float(os.environ.get("SRE_CLUSTER_REPORT", 5))


class ShardFailed(Exception):
    """A shard that `sre` did not complete: the host, the address of the worker, and why."""

    def __init__(self, host, address, why):
        super().__init__(host, address, why)
        self.host, self.address, self.why = host, address, why

    def __str__(self):
        return f"{self.host}: {self.why}"


class Files(WorkerPlugin):
    """Holds the program and the input files, by the hash of their contents, for workers that come at any time.

    `contents` has the compressed contents of a file, or its path if the worker is in the process of the driver."""

    def __init__(self, name, contents):
        self.name, self.contents = name, contents

    def setup(self, worker):
        # The threads of a worker start together: one of them writes the program.
        self.lock = threading.Lock()

    def path(self, digest, executable):
        """Returns the path of a copy of a file on this host. It is written if it is missing or has been changed."""
        path = os.path.join(folder("files"), digest)
        with self.lock:
            try:
                if states.sha256_of(path) == digest:
                    return path
            except OSError:
                pass
            states.write(path, self._content(digest), 0o700 if executable else 0o600)
        return path

    def _content(self, digest):
        content = self.contents[digest]
        if isinstance(content, bytes):
            return zlib.decompress(content)
        with open(content, "rb") as file:
            data = file.read()
        if states.sha256(data) != digest:
            raise OSError(f"{content} was changed since the job began; run it again")
        return data


def folder(name):
    """Returns a folder of this user on this host, for states and files."""
    base = os.environ.get("SRE_CLUSTER_DIR") or os.path.join(tempfile.gettempdir(), f"sre-cluster-{os.getuid()}")
    path = os.path.join(base, name)
    os.makedirs(path, mode=0o700, exist_ok=True)
    if os.stat(base).st_uid != os.getuid():
        raise PermissionError(f"{base} belongs to another user; set SRE_CLUSTER_DIR")
    return path


def run_shard(job, index, attempt, state):
    """Runs a shard to its end. `state` is that of an earlier attempt elsewhere, or None.

    Returns the host, the address of the worker, and the compressed state file."""
    worker = get_worker()
    host, address = socket.gethostname(), worker.address
    key = worker.get_current_task()
    try:
        plugin = worker.plugins[job["files"]]
        program = plugin.path(job["program"], True)
        arguments = [plugin.path(word["file"], False) if isinstance(word, dict) else word for word in job["arguments"]]
        path = start_state(job, index, attempt, zlib.decompress(state) if state else None)
        started_with = read(path)
        command = [program, *arguments, "--shard", f"{index}/{job['shards']}", "--state", path]
        with tempfile.TemporaryFile(dir=folder("logs")) as log:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, preexec_fn=_dying_with_parent()
            )
            try:
                watch(worker, key, child, job, index, path)
            finally:
                if child.poll() is None:
                    child.kill()
                child.wait()
            log.seek(0)
            said = log.read()[-2000:].decode("utf-8", "backslashreplace").strip()
    except OSError as why:
        raise ShardFailed(host, address, str(why)) from None
    text = read(path)
    found = states.read(text) if text else None
    if found is None or not states.whole(found, index, job["shards"], job["parts"]):
        if text == started_with:
            # Perhaps `sre` refuses these states: the next attempt starts without them.
            remove(states_of(job, index))
        raise ShardFailed(host, address, f"sre ended with {_status(child.returncode)}: {said or 'no message'}")
    remove(states_of(job, index))
    return host, address, zlib.compress(text)


def start_state(job, index, attempt, given):
    """Returns a new state file with what is known to be done: by an attempt on this host, or one elsewhere."""
    texts = [read(path) for path in states_of(job, index)] + [given]
    known = [(states.read(text), text) for text in texts if text]
    # What another compiler or interpreter left here is not resumed from.
    known = [(state, text) for state, text in known if state and not states.mismatch(state, job["plan"])]
    known = [(states.done(state, index, job["shards"]), text) for state, text in known]
    # A name of its own: a process that was cut off may still hold the lock of the former one.
    path = os.path.join(folder("states"), f"{job['id']}.{index}.{attempt}.{os.getpid()}.json")
    if known:
        states.write(path, max(known)[1])
    return path


def remove(paths):
    for path in paths:
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass


def states_of(job, index):
    return glob.glob(os.path.join(folder("states"), f"{job['id']}.{index}.*.json"))


def watch(worker, key, child, job, index, path):
    """Waits for a process, and reports its state as it grows. Kills it when nobody wants the result any more."""
    seen, next_report = None, time.monotonic() + REPORT
    while child.poll() is None:
        time.sleep(LOOK)
        task = worker.state.tasks.get(key)
        # A worker in the process of the driver closes without ending its threads.
        is_closing = worker.status.name in ("closing", "closed", "failed")
        if is_closing or task is None or task.state not in ("executing", "long-running"):
            child.kill()
            raise ShardFailed(socket.gethostname(), worker.address, "cancelled")
        if time.monotonic() < next_report:
            continue
        next_report = time.monotonic() + REPORT
        text = read(path)
        if text and text != seen:
            seen = text
            worker.log_event(job["topic"], {"index": index, "state": zlib.compress(text)})


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _dying_with_parent():
    """Returns what ties a process to its worker, whose shard is done by another once it is gone."""
    libc, pr_set_pdeathsig = ctypes.CDLL(None), 1
    return (lambda: libc.prctl(pr_set_pdeathsig, signal.SIGKILL)) if hasattr(libc, "prctl") else None


def _status(code):
    return f"signal {-code}" if code < 0 else f"status {code}"
