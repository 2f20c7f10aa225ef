"""The recipe for Slurm on a Slurm of one node, where it can be started: Debian's slurm-wlm, as root."""

import os
import shutil
import socket
import subprocess
import unittest

from help import CLUSTER, SRE, Place, until

SWEEP = ["exhaustive", "--tokens", "2", "--pythons", "newest"]
CONFIGURATION = """
ClusterName=sre
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
StateSaveLocation={folder}/controller
SlurmdSpoolDir={folder}/node
SlurmctldPidFile={folder}/controller.pid
SlurmdPidFile={folder}/node.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=1
PartitionName=all Nodes=ALL Default=YES
"""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@unittest.skipIf(os.geteuid() != 0, "Slurm's daemons need root")
class Slurm(Place):
    def setUp(self):
        super().setUp()
        path = os.environ.get("PATH", "") + ":/usr/sbin"
        daemons = [shutil.which(name, path=path) for name in ("slurmctld", "slurmd")]
        if not all(daemons) or not shutil.which("sbatch"):
            self.skipTest("needs slurmctld, slurmd and sbatch (Debian's slurm-wlm)")
        host = socket.gethostname().split(".")[0]
        file = os.path.join(self.folder, "slurm.conf")
        with open(file, "w", encoding="utf-8") as conf:
            conf.write(CONFIGURATION.format(host=host, folder=self.folder, ports=free_ports(2)))
        for name in ("controller", "node"):
            os.makedirs(os.path.join(self.folder, name))
        self.environment["SLURM_CONF"] = file
        started = [self.start([daemon, "-D"]) for daemon in daemons]

        def state():
            ended = [process for process in started if process.poll() is not None]
            if ended:
                self.skipTest(f"{ended[0].args[0]} does not start here: {ended[0].communicate()[1][-500:]}")
            return "idle" in self.slurm("sinfo", "-h", "-o", "%T")[1]

        try:
            until("the node is idle", state, 60)
        except AssertionError as why:
            self.skipTest(f"Slurm does not start here: {why}")

    def slurm(self, *command, **environment):
        done = subprocess.run(command, cwd=self.folder, env=dict(self.environment, **environment), text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_an_array_does_the_job_and_what_is_missing_again(self):
        whole = self.slurm(SRE, *SWEEP)
        self.assertEqual(whole[0], 0, whole)
        states = os.path.join(self.folder, "states")
        recipe = os.path.join(CLUSTER, "recipes/slurm.sh")
        submit = ["sbatch", "--wait", "--array=0-2", "--output", "task-%a.txt", recipe, *SWEEP]
        done = self.slurm(*submit, STATES=states, SHARDS="3")
        self.assertEqual(done[0], 0, done)
        files = [os.path.join(states, f"{index}.json") for index in range(3)]
        self.assertEqual(self.slurm(SRE, "merge", *files)[:2], (0, whole[1]))
        os.unlink(files[1])
        self.assertEqual(self.slurm(SRE, "merge", files[0], files[2])[0], 1)
        done = self.slurm(*submit, STATES=states, SHARDS="3")
        self.assertEqual(done[0], 0, done)
        self.assertEqual(self.slurm(SRE, "merge", *files)[:2], (0, whole[1]))


if __name__ == "__main__":
    unittest.main()
