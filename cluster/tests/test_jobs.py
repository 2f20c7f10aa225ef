"""Each kind of job, through the driver, prints what one run of `sre` prints."""

import os
import subprocess
import unittest

from help import SRE, Place


class Jobs(Place):
    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def same_as_one_run(self, *words):
        """Returns the status and what was printed, after a comparison."""
        whole = subprocess.run([SRE, *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        status, out, said = self.end(self.driver("--shards", "3", *words))
        self.assertEqual((status, out), (whole.returncode, whole.stdout), said)
        return status, out

    def test_a_comparison(self):
        patterns = ["a{2}b", "(?P<n>x)+y*+", "[a-z]|c", "(?>a)", "(", "x++"]
        lines = ['{"kind": "str", "pattern": "%s%d", "flags": 0}\n' % (patterns[n % 6], n) for n in range(60)]
        self.write("mine.jsonl", "".join(lines))
        self.write("expected.toml", "[[expect]]\nsignature = '*'\nreason = 'the target is old'\n")
        words = ["compare", "--jsonl", "mine.jsonl", "--generate", "100", "--seed", "5", "--pythons", "newest", "--target", "3.8"]
        status, _ = self.same_as_one_run(*words)
        self.assertEqual(status, 2)
        status, out = self.same_as_one_run(*words, "--expect", "expected.toml")
        self.assertEqual(status, 0)
        self.assertIn(": the target is old", out)

    def test_a_check_of_sources(self):
        for n in range(12):
            self.write(f"src/m{n}.py", f"import re\nre.compile('a++b{n}')\nre.match('x{n}', y)\n")
        status, _ = self.same_as_one_run("check", "src", "--target", "3.8..3.12")
        self.assertEqual(status, 2)

    def test_coverage(self):
        self.write("corpus/unreached.txt", "")
        for n, pattern in enumerate(["a+b", "(?P<x>[a-z])(?P=x)", "(", "a|b(?!c)"]):
            self.write(f"corpus/seeds/{n}.case", f"str -\n{pattern}")
        status, _ = self.same_as_one_run("corpus", "coverage", "--pythons", "newest")
        self.assertEqual(status, 2)

    def test_a_soak(self):
        # What is measured differs from run to run.
        status, out, said = self.end(self.driver("--shards", "2", "soak", "--minutes", "0.1"))
        self.assertEqual(status, 0, said)
        self.assertIn(" patterns, in 2 runs\n", out)


if __name__ == "__main__":
    unittest.main()
