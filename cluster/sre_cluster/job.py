"""A job: the command of `sre`, its plan, and the folder with the states of its shards."""

import json
import os
import subprocess
import zlib

from sre_cluster import states

# Options of `sre` that say how the result is judged and printed; `sre merge` takes them. With the number of values of each.
PRINTING = {"--format": 1, "-v": 0, "--verbose": 0, "--strict-known": 0, "--minimize": 1, "--expect": 1}
# Options whose value is a file that is sent to the workers.
FILES = ("--jsonl", "--samples")


class CannotRun(Exception):
    """Why the job cannot be run, for the user."""


class Job:
    def __init__(self, program, words, folder, seconds, shards, workers=1):
        self.program = program
        self.verb = words[0]
        self.words, self.printing = split_printing(words)
        # A worker has a thread for each core; so the plan is that of a single job, too.
        self.one_job = ["--jobs", "1"] if self.verb in ("exhaustive", "sweep", "compare", "check") else []
        self.plan = self._plan(seconds)
        job = self.plan["job"]
        compiler = job["compiler"].split(" ")[-1]
        self.id = f"{job['verb']}-{job['input']}-{job['units']}-{compiler}"
        self.folder = os.path.join(folder, self.id)
        os.makedirs(self.folder, exist_ok=True)
        # The workers of this machine end at about the same time, also those of a short job.
        planned = -(-self.plan["shards"] // workers) * workers
        self.shards = self._same_shards(shards or min(planned, job["units"]))
        self.parts = len(self.plan["parts"])
        self.units = job["units"] * self.parts
        self.todo = [index for index in range(self.shards) if not self.is_done(index)]

    def _plan(self, seconds):
        command = [self.program, *self.words, *self.one_job, "--plan", str(seconds), "--plan-json"]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
        except OSError as why:
            raise CannotRun(f"{self.program}: {why.strerror}; --sre names another") from None
        if done.returncode != 0:
            raise CannotRun(f"`sre {self.verb} --plan` ended with status {done.returncode}")
        return json.loads(done.stdout)

    def _same_shards(self, shards):
        """Returns the number of shards; that of an earlier run of the job, whose states can be used."""
        path = os.path.join(self.folder, "job.json")
        about = {"shards": shards, "parts": sorted(part["name"] for part in self.plan["parts"])}
        try:
            with open(path, encoding="utf-8") as file:
                earlier = json.load(file)
            if earlier["parts"] == about["parts"]:
                return earlier["shards"]
            raise CannotRun(f"{self.folder} is of a job with other interpreters; delete it, or give another --dir")
        except (OSError, ValueError, KeyError):
            states.write(path, json.dumps(about).encode())
            return shards

    def shard_file(self, index):
        return os.path.join(self.folder, f"{index}.json")

    def partial_file(self, index):
        return os.path.join(self.folder, f"{index}.partial.json")

    def stored(self, path):
        """Returns the contents of a state file of this job, and its state; None if it is missing or of another job."""
        try:
            with open(path, "rb") as file:
                text = file.read()
        except OSError:
            return None
        state = states.read(text)
        return (text, state) if state and not states.mismatch(state, self.plan) else None

    def is_done(self, index):
        stored = self.stored(self.shard_file(index))
        return stored is not None and states.whole(stored[1], index, self.shards, self.parts)

    def for_workers(self, is_local):
        """Returns the message to workers, and the files that they need, by hash: the compressed contents of each, or its
        path for workers on this machine."""
        contents, arguments = {}, []

        def add(path):
            if is_local:
                digest = states.sha256_of(path)
                contents[digest] = os.path.abspath(path)
                return digest
            with open(path, "rb") as file:
                data = file.read()
            digest = states.sha256(data)
            contents[digest] = zlib.compress(data, 1)
            return digest

        program = add(self.program)
        for before, word in zip([None, *self.words], self.words):
            name, equals, value = word.partition("=")
            if before in FILES and os.path.isfile(word):
                arguments.append({"file": add(word)})
            elif equals and name in FILES and os.path.isfile(value):
                arguments += [name, {"file": add(value)}]
            else:
                arguments.append(word)
        # The divergences are minimized once, after the merge.
        arguments += self.one_job
        arguments += ["--minimize", "0"] if self.verb == "compare" else []
        about = {
            "id": self.id, "topic": f"sre-{self.id}", "files": f"sre-{program}-{self.id}", "program": program,
            "arguments": arguments, "shards": self.shards, "parts": self.parts, "plan": self.plan,
        }
        return about, contents

    def merge(self, indices, partial):
        """Prints the merged result. Returns the exit status of `sre merge`."""
        files = [self.shard_file(index) for index in indices]
        command = [self.program, "merge", *self.printing, *(["--partial"] if partial else []), "--", *files]
        return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode


def split_printing(words):
    """Separates the options that say how the result is printed, except those of `check`, whose states hold the text."""
    if words[0] not in ("exhaustive", "sweep", "compare"):
        return words, []
    others, printing, words = [], [], iter(words)
    for word in words:
        if word.partition("=")[0] not in PRINTING:
            others.append(word)
            continue
        printing.append(word)
        values = 0 if "=" in word else PRINTING[word]
        printing += [value for _, value in zip(range(values), words)]
    return others, printing
