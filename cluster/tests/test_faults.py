"""Whatever dies: each case is counted exactly once, or named as missing."""

import json
import os
import signal
import subprocess
import unittest

import psutil

from help import SRE, Place, kill, until

# Every sequence of up to three tokens with six variants: 6 * (1 + 26 + 26**2 + 26**3).
CASES = 109674
SWEEP = ["exhaustive", "--tokens", "3", "--debug", "--pythons", "newest", "--format", "json"]
SHARDS = ["--shards", "4"]


class Faults(Place):
    def noting_resumption(self):
        """Returns the options of a program that is `sre`, and notes that it was started with what an earlier one did."""
        self.resumed = os.path.join(self.folder, "resumed")
        return self.program(f"path = words[words.index('--state') + 1] if '--state' in words else ''\n"
                            f"if os.path.exists(path) and json.load(open(path))['state']['parts'][0]['done']:\n"
                            f"    open({self.resumed!r}, 'a').close()")

    def ends_with_each_case_once(self, driver, why):
        status, result, said = self.end(driver)
        self.assertEqual(status, 0, said)
        self.assertIn(why, said)
        self.assertIn("; trying again", said)
        self.assertEqual(self.compared(result), [CASES])
        self.assertTrue(os.path.exists(self.resumed), "the shard was done from its beginning")


class Local(Faults):
    def test_a_merged_run_is_what_one_run_gives_and_is_not_done_again(self):
        words = [*SWEEP[:2], "2", *SWEEP[3:]]
        status, result, said = self.end(self.driver(*SHARDS, *words))
        self.assertEqual(status, 0, said)
        whole = subprocess.run([SRE, *words], stdout=subprocess.PIPE, check=True, text=True).stdout
        def without_times(result):
            return [{k: v for k, v in python.items() if k not in ("seconds", "cost", "replaced")} for python in result["pythons"]]

        self.assertEqual(without_times(result), without_times(json.loads(whole)))
        status, again, said = self.end(self.driver(*SHARDS, *words))
        self.assertEqual((status, again), (0, result), said)
        self.assertEqual(said, "", "a cluster was started for nothing")

    def test_divergences_are_shown_and_decide_the_status(self):
        status, out, said = self.end(self.driver(*SHARDS, *SWEEP[:2], "1", "--pythons", "newest", "--target", "3.8"))
        self.assertEqual(status, 2, said)
        self.assertIn("cluster: divergence in ", said)
        self.assertIn("divergences", out)

    def test_a_killed_sre_costs_no_case_and_its_shard_is_resumed(self):
        driver = self.driver(*self.noting_resumption(), *SHARDS, *SWEEP)
        until("a partial state is stored", lambda: any("partial" in name for name in self.states()))
        kill(self.in_mid_shard(driver).pid)
        self.ends_with_each_case_once(driver, "sre ended with signal 9")

    def test_a_driver_on_one_machine_cannot_be_reached_from_another(self):
        slow = self.program("if '--shard' in words: import time; time.sleep(1000)")
        driver = self.driver(*slow, *SHARDS, *SWEEP[:2], "1", *SWEEP[3:])
        until("two shards are at work", lambda: len(self.shards_running(driver)) == 2)
        listening = [c.laddr.ip for c in psutil.Process(driver.pid).net_connections("inet") if c.status == psutil.CONN_LISTEN]
        self.assertEqual(set(listening), {"127.0.0.1"})

    def test_an_interrupted_driver_ends_its_shards(self):
        # A shell ignores it for what runs in the background, and so would the driver.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGINT, before)
        slow = self.program("if '--shard' in words: import time; time.sleep(1000)")
        driver = self.driver(*slow, *SHARDS, *SWEEP[:2], "1", *SWEEP[3:])
        running = until("two shards are at work", lambda: two if len(two := self.shards_running(driver)) == 2 else None)
        # To the driver alone: on a terminal, Ctrl-C would end the shards as well.
        driver.send_signal(signal.SIGINT)
        status, _, said = self.end(driver)
        self.assertEqual(status, 1, said)
        self.assertIn("interrupted; 0 of 4 shards are done; the same command resumes", said)
        until("the shards end", lambda: not [p for p in running if p.is_running() and p.status() != "zombie"], 20)

    def test_a_killed_driver_is_resumed_and_leaves_no_process(self):
        driver = self.driver(*SHARDS, *SWEEP)
        running = self.in_mid_shard(driver)
        until("a partial state is stored", lambda: any("partial" in name for name in self.states()))
        below = [running, *psutil.Process(driver.pid).children(recursive=True)]
        kill(driver.pid)
        driver.communicate()
        until("all processes end", lambda: not [p for p in below if p.is_running() and p.status() != "zombie"])
        status, result, said = self.end(self.driver(*SHARDS, *SWEEP))
        self.assertEqual(status, 0, said)
        self.assertEqual(self.compared(result), [CASES])


class Remote(Faults):
    def setUp(self):
        super().setUp()
        self.first, self.address = self.scheduler()

    def test_a_killed_worker_costs_no_case_and_its_shard_is_resumed(self):
        workers = [self.worker(self.address, name) for name in ("one", "two")]
        driver = self.driver("--scheduler", self.address, *self.noting_resumption(), *SHARDS, *SWEEP)
        until("a partial state is stored", lambda: any("partial" in name for name in self.states()))
        running = self.in_mid_shard(workers[0])
        kill(workers[0].pid)
        until("its sre ends", lambda: not running.is_running() or running.status() == "zombie")
        self.ends_with_each_case_once(driver, "its worker ended; trying again")

    def test_a_killed_scheduler_ends_the_driver_and_the_job_is_resumed(self):
        self.worker(self.address, "one")
        soon = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}
        driver = self.driver("--scheduler", self.address, *SHARDS, *SWEEP, **soon)
        until("a partial state is stored", lambda: any("partial" in name for name in self.states()))
        kill(self.first.pid)
        status, _, said = self.end(driver)
        self.assertEqual(status, 1, said)
        self.assertIn("the scheduler is gone", said)
        self.assertIn("the same command resumes", said)
        _, address = self.scheduler()
        self.worker(address, "two")
        status, result, said = self.end(self.driver("--scheduler", address, *SHARDS, *SWEEP))
        self.assertEqual(status, 0, said)
        self.assertEqual(self.compared(result), [CASES])

    def test_a_shard_that_always_crashes_is_named_and_the_rest_goes_on(self):
        self.worker(self.address, "one")
        crash = self.program("if '--shard' in words and '2/4' in words: os.abort()")
        driver = self.driver("--scheduler", self.address, *crash, *SHARDS, *SWEEP[:2], "2", *SWEEP[3:])
        status, result, said = self.end(driver)
        self.assertEqual(status, 1, said)
        self.assertEqual(said.count("sre ended with signal 6"), 4, said)
        self.assertIn("missing: shard 2/4", said)
        # 4,218 cases, of which the third quarter is missing.
        self.assertIn("1,054 cases not compared, starting at number 2,109", said)
        self.assertEqual(self.compared(result), [4218 - 1054])

    def test_a_state_of_another_compiler_is_refused_and_done_elsewhere(self):
        other = self.program(
            "if '--shard' in words and os.environ.get('OTHER_COMPILER'):\n"
            "    path = words[words.index('--state') + 1]\n"
            "    subprocess.run([sre, *words])\n"
            "    content = json.load(open(path))\n"
            "    content['state']['job']['compiler'] = '0.0.1 0'\n"
            "    open(path, 'w').write(json.dumps(content))\n"
            "    sys.exit(0)"
        )
        self.worker(self.address, "other", OTHER_COMPILER="1")
        driver = self.driver("--scheduler", self.address, *other, *SHARDS, "--tries", "30", *SWEEP[:2], "2", *SWEEP[3:])
        self.says(driver, "compiler '0.0.1 0' instead of")
        self.worker(self.address, "same")
        # The other worker would go on to be asked.
        kill(self.processes[1].pid)
        status, result, said = self.end(driver)
        self.assertEqual(status, 0, said)
        self.assertEqual(self.compared(result), [4218])

    @unittest.skipIf(os.geteuid() != 0, "mounting needs root")
    def full_disk(self):
        """Returns a folder on a disk of its own, which is full but for some folders."""
        small = os.path.join(self.folder, "small")
        os.mkdir(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", small], check=False).returncode != 0:
            self.skipTest("mounting is not allowed here")
        self.addCleanup(subprocess.run, ["umount", "-l", small], check=False)
        with open(os.path.join(small, "filler"), "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"x" * 4096)
            except OSError:
                pass
        return small

    def test_a_full_disk_of_the_driver_ends_it_and_the_job_is_resumed(self):
        small = self.full_disk()
        self.worker(self.address, "one")
        words = ["--scheduler", self.address, "--dir", small, *SHARDS, *SWEEP[:2], "2", *SWEEP[3:]]
        status, result, said = self.end(self.driver(*words))
        self.assertEqual((status, result), (1, ""), said)
        self.assertIn("No space left on device", said)
        self.assertNotIn("Traceback", said)
        os.unlink(os.path.join(small, "filler"))
        status, result, said = self.end(self.driver(*words))
        self.assertEqual(status, 0, said)
        self.assertEqual(self.compared(result), [4218])

    def test_a_full_disk_of_a_worker_is_reported_and_its_shards_are_done_elsewhere(self):
        small = self.full_disk()
        full = self.worker(self.address, "full", SRE_CLUSTER_DIR=small)
        driver = self.driver("--scheduler", self.address, *SHARDS, "--tries", "30", *SWEEP[:2], "2", *SWEEP[3:])
        self.says(driver, "No space left on device")
        self.worker(self.address, "free")
        kill(full.pid)
        status, result, said = self.end(driver)
        self.assertEqual(status, 0, said)
        self.assertEqual(self.compared(result), [4218])


if __name__ == "__main__":
    unittest.main()
