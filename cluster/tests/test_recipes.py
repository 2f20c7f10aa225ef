"""The recipes for clusters without Dask, as far as that is possible on one machine."""

import getpass
import os
import shlex
import shutil
import subprocess
import unittest

import yaml

from help import CLUSTER, SRE, Place

RECIPES = os.path.join(CLUSTER, "recipes")
SWEEP = ["exhaustive", "--tokens", "2", "--pythons", "newest"]


class Recipes(Place):
    def setUp(self):
        super().setUp()
        # ssh passes no environment on, so that a host finds only what is installed there.
        self.environment.pop("SRE_PYTHONS", None)
        whole = subprocess.run([SRE, *SWEEP], stdout=subprocess.PIPE, check=True, text=True, env=self.environment)
        self.whole = whole.stdout

    def run_here(self, command, **environment):
        environment = dict(self.environment, **environment)
        done = subprocess.run(command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_the_tasks_of_a_slurm_array_make_up_the_job(self):
        states = os.path.join(self.folder, "states")
        task = ["bash", os.path.join(RECIPES, "slurm.sh"), *SWEEP]
        for index in (2, 0, 1):
            status = self.run_here(task, STATES=states, SHARDS="3", SLURM_ARRAY_TASK_ID=str(index))
            self.assertEqual(status[0], 0, status)
        files = [os.path.join(states, f"{index}.json") for index in range(3)]
        self.assertEqual(self.run_here([SRE, "merge", *files])[:2], (0, self.whole))
        failed = self.run_here([*task, "--no-such-option"], STATES=states, SHARDS="3", SLURM_ARRAY_TASK_ID="0")
        self.assertEqual(failed[0], 1, failed)
        # Divergences are a result, not a failure of the task.
        diverging = [*task, "--target", "3.8"]
        found = self.run_here(diverging, STATES=states + "-2", SHARDS="1", SLURM_ARRAY_TASK_ID="0")
        self.assertEqual(found[0], 0, found)

    def test_the_kubernetes_job_does_each_shard_once(self):
        with open(os.path.join(RECIPES, "kubernetes.yaml"), encoding="utf-8") as file:
            job = yaml.safe_load(file)
        container = job["spec"]["template"]["spec"]["containers"][0]
        shards = next(variable["value"] for variable in container["env"] if variable["name"] == "SHARDS")
        self.assertEqual(int(shards), job["spec"]["completions"])
        # What a pod runs, with another number of shards, a folder of this test, and this program.
        script, name, *_ = container["args"]
        script = script.replace("/states/", self.folder + "/").replace("sre ", shlex.quote(SRE) + " ", 1)
        for index in range(2):
            done = self.run_here([*container["command"], script, name, *SWEEP], SHARDS="2", JOB_COMPLETION_INDEX=str(index))
            self.assertEqual(done[0], 0, done)
        files = [os.path.join(self.folder, f"{index}.json") for index in range(2)]
        self.assertEqual(self.run_here([SRE, "merge", *files])[:2], (0, self.whole))

    def test_parallel_does_the_job_over_ssh_and_what_is_missing_again(self):
        sshd = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if not sshd or not shutil.which("parallel") or not shutil.which("ssh-keygen"):
            self.skipTest("needs sshd, ssh and GNU parallel")
        path = {name: os.path.join(self.folder, name) for name in ("host", "user", "conf", "client")}
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path[name]], check=True)
        with open(path["conf"], "w", encoding="utf-8") as file:
            file.write(f"HostKey {path['host']}\nAuthorizedKeysFile {path['user']}.pub\nStrictModes no\nUsePAM no\n"
                       "PidFile none\nPermitRootLogin yes\n")
        os.makedirs("/run/sshd", exist_ok=True)
        # A server for each connection, without a port.
        with open(path["client"], "w", encoding="utf-8") as file:
            file.write(f"Host here\nProxyCommand {sshd} -i -f {path['conf']}\nHost gone\nProxyCommand false\n"
                       f"Host *\nIdentityFile {path['user']}\nStrictHostKeyChecking no\nUserKnownHostsFile /dev/null\n"
                       "LogLevel ERROR\n")
        ssh = f"ssh -F {path['client']}"
        user = getpass.getuser()
        answer = self.run_here([*ssh.split(), f"{user}@here", "true"])
        self.assertEqual(answer[0], 0, answer)
        command = ["bash", os.path.join(RECIPES, "parallel.sh"), *SWEEP]
        hosts = {"PARALLEL_SSH": ssh, "HOSTS": f"2/{user}@here", "SHARDS": "4"}
        self.assertEqual(self.run_here(command, **hosts)[:2], (0, self.whole))
        missing = os.path.join(self.folder, "sre-states/2.json")
        os.unlink(missing)
        gone = self.run_here(command, **dict(hosts, HOSTS=f"1/{user}@gone"))
        self.assertEqual(gone[0], 1, gone)
        self.assertIn("not compared", gone[2])
        self.assertEqual(self.run_here(command, **hosts)[:2], (0, self.whole))
        self.assertTrue(os.path.exists(missing))


if __name__ == "__main__":
    unittest.main()
