"""Hosts that are cut off: network namespaces with a scheduler on a bridge. Takes minutes, and needs root."""

import os
import shutil
import subprocess
import sys
import time
import unittest

from help import Place, until
from test_faults import CASES, SHARDS, SWEEP

NAME = f"sre{os.getpid() % 10000}"
HOSTS = {"head": "10.77.0.1", "a": "10.77.0.2", "b": "10.77.0.3"}


def ip(*words, check=True):
    return subprocess.run(["ip", *words], check=check, stderr=subprocess.DEVNULL).returncode == 0


@unittest.skipUnless(os.environ.get("SRE_CLUSTER_TESTS") == "all", "SRE_CLUSTER_TESTS=all runs it")
@unittest.skipIf(os.geteuid() != 0, "network namespaces need root")
class Hosts(Place):
    def setUp(self):
        super().setUp()
        if not shutil.which("ip"):
            self.skipTest("needs ip (Debian's iproute2)")
        self.addCleanup(self.remove)
        try:
            self.connect()
        except subprocess.CalledProcessError as why:
            self.skipTest(f"not allowed here: {' '.join(why.cmd)}")

    def connect(self):
        """Makes a namespace for each host, and a bridge in that of the scheduler."""
        ip("netns", "add", f"{NAME}head")
        head = ["-n", f"{NAME}head"]
        ip(*head, "link", "add", "br0", "type", "bridge")
        ip(*head, "addr", "add", f"{HOSTS['head']}/24", "dev", "br0")
        for link in ("lo", "br0"):
            ip(*head, "link", "set", link, "up")
        for host in ("a", "b"):
            space = f"{NAME}{host}"
            ip("netns", "add", space)
            ip(*head, "link", "add", "name", f"to-{host}", "type", "veth", "peer", "name", "eth0", "netns", space)
            ip(*head, "link", "set", "dev", f"to-{host}", "master", "br0", "up")
            ip("-n", space, "addr", "add", f"{HOSTS[host]}/24", "dev", "eth0")
            for link in ("lo", "eth0"):
                ip("-n", space, "link", "set", link, "up")

    def remove(self):
        for host in HOSTS:
            ip("netns", "del", f"{NAME}{host}", check=False)

    def on(self, host, *command, **environment):
        # Each host has a disk of its own.
        environment = {"SRE_CLUSTER_DIR": os.path.join(self.folder, f"disk-{host}"), **environment}
        return self.start(["ip", "netns", "exec", f"{NAME}{host}", sys.executable, "-m", *command], **environment)

    def test_a_host_that_is_cut_off_costs_no_case(self):
        self.cut_off(30)

    def test_a_host_that_is_cut_off_until_it_is_given_up_costs_no_case(self):
        said = self.cut_off(45, DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL="15s", DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP="15s")
        self.assertIn("trying again", said)

    def cut_off(self, seconds, **environment):
        port, words = "8786", ["--no-dashboard"]
        self.on("head", "dask", "scheduler", "--host", HOSTS["head"], "--port", port, *words, **environment)
        address = f"tcp://{HOSTS['head']}:{port}"
        workers = {}
        for host in ("a", "b"):
            options = ["--nthreads", "1", "--no-nanny", "--host", HOSTS[host], "--name", host, *words]
            workers[host] = self.on(host, "dask", "worker", address, *options, **environment)
        driver = self.on("head", "sre_cluster", "--scheduler", address, "--tries", "9", *SHARDS, *SWEEP, **environment)
        self.in_mid_shard(workers["b"])
        ip("-n", f"{NAME}head", "link", "set", "dev", "to-b", "down")
        time.sleep(seconds)
        ip("-n", f"{NAME}head", "link", "set", "dev", "to-b", "up")
        status, result, said = self.end(driver)
        self.assertEqual(status, 0, said)
        self.assertEqual(self.compared(result), [CASES])
        return said


if __name__ == "__main__":
    unittest.main()
