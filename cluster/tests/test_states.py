"""What the driver knows of state files, without Dask or sre."""

import json
import os
import tempfile
import unittest
from unittest import mock

from sre_cluster import job, states, worker


def state(*done, units=10, name="3.13.0", identity="a", unknown=()):
    about = {"verb": "exhaustive", "compiler": "1", "input": "2", "units": units, "unit": "case"}
    part = {"name": name, "identity": identity, "done": [list(d) for d in done], "results": {"unknown": list(unknown)}}
    return {"job": about, "parts": [part]}


class States(unittest.TestCase):
    def test_shards_are_those_of_sre_and_hold_each_unit_once(self):
        for units, of in ((10, 3), (109674, 7), (2, 5)):
            ranges = [states.shard_range(units, index, of) for index in range(of)]
            self.assertEqual(ranges[0][0], 0)
            self.assertEqual(ranges[-1][1], units)
            self.assertTrue(all(a[1] == b[0] for a, b in zip(ranges, ranges[1:])))

    def test_what_is_done_of_a_shard_is_counted(self):
        self.assertEqual(states.done(state((0, 4), (7, 9)), 1, 2), 2)
        self.assertFalse(states.whole(state((0, 4), (7, 9)), 1, 2, 1))
        self.assertTrue(states.whole(state((5, 10)), 1, 2, 1))
        self.assertFalse(states.whole(state((5, 10)), 1, 2, 2), "an interpreter is missing")

    def test_a_state_of_another_job_is_told(self):
        plan = {"job": state()["job"], "parts": [{"name": "3.13.0", "identity": "a"}]}
        self.assertIsNone(states.mismatch(state((0, 5)), plan))
        self.assertIn("units 11", states.mismatch(state(units=11), plan))
        self.assertIn("Python 3.13.1 instead of 3.13.0", states.mismatch(state(name="3.13.1"), plan))
        self.assertIn("another build", states.mismatch(state(identity="b"), plan))

    def test_a_damaged_file_has_no_state(self):
        whole = json.dumps({"hash": "", "state": state((0, 5))}).encode()
        self.assertEqual(states.read(whole), state((0, 5)))
        for damaged in (whole[:-9], b"", b"\xff", b"{}", b"[]", b'{"state": 1}'):
            self.assertIsNone(states.read(damaged), damaged)

    def test_only_a_state_of_the_job_is_resumed_from(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, SRE_CLUSTER_DIR=folder):
            plan = {"job": state()["job"], "parts": [{"name": "3.13.0", "identity": "a"}]}
            about = {"id": "job", "shards": 2, "plan": plan}

            def leave(name, left):
                text = json.dumps({"hash": "", "state": left}).encode()
                states.write(os.path.join(worker.folder("states"), f"job.1.{name}.json"), text)
                return text

            other = state((5, 10))
            other["job"] = dict(other["job"], compiler="another")
            leave("other", other)
            self.assertFalse(os.path.exists(worker.start_state(about, 1, 1, None)))
            leave("less", state((5, 6)))
            more = leave("more", state((5, 8)))
            with open(worker.start_state(about, 1, 2, None), "rb") as file:
                self.assertEqual(file.read(), more)

    def test_a_file_is_replaced_as_a_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a")
            states.write(path, b"1")
            states.write(path, b"2")
            with open(path, "rb") as file:
                self.assertEqual(file.read(), b"2")
            self.assertEqual(os.listdir(folder), ["a"])

    def test_a_program_of_this_machine_is_copied_and_the_copy_is_checked(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, SRE_CLUSTER_DIR=folder):
            program = os.path.join(folder, "program")
            states.write(program, b"first")
            files = worker.Files("files", {(digest := states.sha256_of(program)): program})
            files.setup(None)
            self.assertEqual(digest, states.sha256(b"first"))
            copy = files.path(digest, True)
            self.assertTrue(os.access(copy, os.X_OK))
            # It was built anew: the job goes on with the copy, but another one cannot be made.
            states.write(program, b"second")
            self.assertEqual(states.sha256_of(files.path(digest, True)), digest)
            states.write(copy, b"damaged")
            with self.assertRaisesRegex(OSError, "program was changed since the job began"):
                files.path(digest, True)

    def test_options_for_printing_go_to_merge(self):
        words = "compare --jsonl x --format json -v --minimize=2 --pythons all".split()
        self.assertEqual(
            job.split_printing(words),
            ("compare --jsonl x --pythons all".split(), "--format json -v --minimize=2".split()),
        )
        words = "check src --format json".split()
        self.assertEqual(job.split_printing(words), (words, []))


if __name__ == "__main__":
    unittest.main()
