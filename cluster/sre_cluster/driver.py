"""Submits the shards of a job, submits those again that fail, and collects the states."""

import os
import queue
import time
import zlib
from concurrent.futures import CancelledError

import cloudpickle
import dask
from distributed import KilledWorker
from distributed.comm import get_address_host

from sre_cluster import states, worker

# By value: a worker need not have this package.
for _module in (states, worker):
    cloudpickle.register_pickle_by_value(_module)

# How long to wait for a scheduler that does not answer, in seconds.
PATIENCE = dask.utils.parse_timedelta(dask.config.get("distributed.comm.timeouts.connect"))
# Between two looks at whether the workers are still there that a shard is meant for, in seconds.
LOOK = 2.0


class SchedulerGone(Exception):
    """The scheduler ended. What was done is in the folder of the job."""


class Driver:
    def __init__(self, client, job, progress, tries, is_local=False):
        """`is_local`: the workers are in this process, so that files need not be sent to them."""
        self.client, self.job, self.progress, self.tries = client, job, progress, tries
        self.is_local = is_local
        self.events = queue.Queue()
        self.failures = {}
        self.attempts = {}
        self.futures = {}
        # The workers that a shard which failed elsewhere is meant for.
        self.meant_for = {}
        self.next_look = 0.0

    def run(self):
        """Runs the shards that are not done. Returns the indices of those that failed, with the reason."""
        job = self.job
        self.about, contents = job.for_workers(self.is_local)
        self.client.register_plugin(worker.Files(self.about["files"], contents))
        self.client.subscribe_topic(self.about["topic"], self._on_event)
        for index in job.todo:
            self._submit(index)
        self._wait(set(job.todo))
        self.client.unsubscribe_topic(self.about["topic"])
        self.client.unregister_worker_plugin(self.about["files"])
        self.progress.end()
        return self.failures

    def _submit(self, index, avoid=None):
        attempt = self.attempts[index] = self.attempts.get(index, 0) + 1
        partial = self.job.stored(self.job.partial_file(index))
        state = None
        # The last try starts anew, in case the state itself is what fails.
        if partial and attempt < max(self.tries, 2):
            state = zlib.compress(partial[0])
            self.progress.set_done(index, states.done(partial[1], index, self.job.shards))
        others = self._others(avoid) if avoid else None
        self.meant_for[index] = others
        # Dask sends what can be imported here by name, which it cannot do with a lambda.
        future = self.client.submit(
            lambda *words: worker.run_shard(*words), self.about, index, attempt, state, key=f"shard-{index}-{attempt}-{time.time_ns()}",
            pure=False, workers=others, priority=-index,
        )
        self.futures[index] = future
        future.add_done_callback(lambda future, index=index: self.events.put((index, future)))

    def _workers(self):
        return list(self.client.scheduler_info(n_workers=-1)["workers"])

    def _others(self, avoid):
        """Returns the workers on other hosts; if there are none, the others on the same host; None if it is alone."""
        workers = [address for address in self._workers() if address != avoid]
        host = get_address_host(avoid)
        return [address for address in workers if get_address_host(address) != host] or workers or None

    def _look_for_workers(self):
        """Submits those shards again whose workers are gone: Dask would keep them until these come back."""
        waiting = {index: others for index, others in self.meant_for.items() if others and index in self.futures}
        if not waiting or time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + LOOK
        present = set(self._workers())
        for index, others in waiting.items():
            if not present.intersection(others):
                # This was no attempt.
                self.attempts[index] -= 1
                self._submit(index)

    def _on_event(self, event):
        _, message = event
        self.events.put((message["index"], message["state"]))

    def _wait(self, todo):
        silent = 0.0
        while todo:
            self.progress.show()
            self._look_for_workers()
            try:
                index, what = self.events.get(timeout=0.5)
            except queue.Empty:
                silent = self._check_scheduler(silent)
                continue
            if isinstance(what, bytes):
                self._partial(index, what)
            elif index in todo and self.futures.get(index) is what and self._ended(index, what):
                todo.remove(index)

    def _check_scheduler(self, silent):
        """Returns for how long the scheduler has not answered."""
        if self.client.status == "running":
            return 0.0
        if silent > PATIENCE or self.client.status in ("closed", "closing"):
            raise SchedulerGone()
        return silent + 0.5

    def _partial(self, index, compressed):
        """Stores the state of a shard that is not done yet."""
        text = zlib.decompress(compressed)
        state = states.read(text)
        if index in self.futures and state and not states.mismatch(state, self.job.plan):
            states.write(self.job.partial_file(index), text)
            self.progress.set_done(index, states.done(state, index, self.job.shards))
            self.progress.findings(states.findings(state))

    def _ended(self, index, future):
        """Takes the result of an attempt. Returns whether the shard is done, or given up."""
        job, address = self.job, None
        if future.status == "finished":
            host, address, compressed = future.result()
            text = zlib.decompress(compressed)
            state = states.read(text)
            why = "a damaged state" if state is None else states.mismatch(state, job.plan)
            if not why and states.whole(state, index, job.shards, job.parts):
                states.write(job.shard_file(index), text)
                self._finished(index, state)
                del self.futures[index]
                return True
            why = f"{host}: {why or 'an incomplete state'}"
        else:
            error = CancelledError() if future.cancelled() else future.exception()
            if isinstance(error, worker.ShardFailed):
                address, why = error.address, str(error)
            elif isinstance(error, KilledWorker):
                why = "its worker ended"
            elif isinstance(error, CancelledError):
                self._check_cancelled()
                why = "cancelled"
            else:
                why = f"{type(error).__name__}: {error}"
        if self.attempts[index] < self.tries:
            self.progress.say(f"shard {index}: {why}; trying again")
            self._submit(index, avoid=address)
            return False
        self.progress.say(f"shard {index}: {why}; given up after {self.tries} tries")
        self.failures[index] = why
        del self.futures[index]
        return True

    def _check_cancelled(self):
        """Futures are cancelled when the connection to the scheduler is lost."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.client.status in ("closed", "closing"):
                break
            if self.client.status == "running":
                return
            time.sleep(0.5)
        raise SchedulerGone()

    def _finished(self, index, state):
        self.progress.finished(index, state)
        try:
            os.unlink(self.job.partial_file(index))
        except OSError:
            pass
