"""Runs modules of CPython's own tests, and prints the outcome of each test as JSON."""
import json
import sys
import unittest


class Results(unittest.TextTestResult):
    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.outcomes = {}

    def note(self, test, outcome):
        self.outcomes[str(test.id() if hasattr(test, "id") else test)] = outcome

    def addSuccess(self, test):
        super().addSuccess(test)
        self.outcomes.setdefault(test.id(), "ok")

    def addError(self, test, error):
        super().addError(test, error)
        self.note(test, f"error: {error[1]!r}")

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.note(test, f"failure: {error[1]!r}")

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.note(subtest, f"failure: {error[1]!r}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.note(test, "skipped")


def main(path, names):
    found = {}
    for name in names:
        try:
            suite = unittest.defaultTestLoader.loadTestsFromName("test." + name)
        except Exception as error:
            found[name] = f"cannot be loaded: {error!r}"
            continue
        runner = unittest.TextTestRunner(resultclass=Results, stream=sys.stderr, verbosity=0)
        found.update(runner.run(suite).outcomes)
    import sre_compiler

    with open(path, "w") as file:
        json.dump({"outcomes": found, "status": sre_compiler.status()}, file)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
