"""On which workers a shard is tried again."""

import types
import unittest

from sre_cluster import driver

FIRST, NEIGHBOUR, ELSEWHERE = "tcp://10.0.0.1:1", "tcp://10.0.0.1:2", "tcp://10.0.0.2:1"


class Client:
    """Has workers that come and go, and stores what is submitted."""

    def __init__(self, *workers):
        self.workers, self.submitted = workers, []

    def scheduler_info(self, n_workers):
        return {"workers": dict.fromkeys(self.workers)}

    def submit(self, _, about, index, attempt, state, *, workers, **options):
        self.submitted.append((attempt, workers))
        return types.SimpleNamespace(add_done_callback=lambda callback: None)


class Again(unittest.TestCase):
    def driver(self, *workers):
        job = types.SimpleNamespace(stored=lambda path: None, partial_file=lambda index: None)
        result = driver.Driver(Client(*workers), job, progress=None, tries=3)
        result.about = {}
        return result

    def submitted_after_a_failure(self, *workers):
        tested = self.driver(*workers)
        tested._submit(0, avoid=FIRST)
        return tested.client.submitted

    def test_another_host_is_preferred_then_another_worker(self):
        self.assertEqual(self.submitted_after_a_failure(FIRST, NEIGHBOUR, ELSEWHERE), [(1, [ELSEWHERE])])
        self.assertEqual(self.submitted_after_a_failure(FIRST, NEIGHBOUR), [(1, [NEIGHBOUR])])
        self.assertEqual(self.submitted_after_a_failure(FIRST), [(1, None)])

    def test_a_shard_whose_workers_are_gone_is_for_any_worker(self):
        tested = self.driver(FIRST, ELSEWHERE)
        tested._submit(0, avoid=FIRST)
        tested._look_for_workers()
        self.assertEqual(tested.client.submitted, [(1, [ELSEWHERE])])
        # It ended before it was given the shard.
        tested.client.workers = (FIRST,)
        tested.next_look = 0.0
        tested._look_for_workers()
        self.assertEqual(tested.client.submitted, [(1, [ELSEWHERE]), (1, None)])
        tested.next_look = 0.0
        tested._look_for_workers()
        self.assertEqual(len(tested.client.submitted), 2)


if __name__ == "__main__":
    unittest.main()
