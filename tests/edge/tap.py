"""Runs the unittest cases of a script and prints a line for each, as scripts/run-tests counts them.

The test test_a_stream_ends_with_done becomes `ok - a stream ends with done`; arguments of the script pick tests by part of
their name. A case whose class could not be set up fails as one; setUpClass may raise unittest.SkipTest.
"""

import sys
import traceback
import unittest

sys.dont_write_bytecode = True


def sentence(test):
    name = getattr(test, "_testMethodName", None)
    return name.removeprefix("test_").replace("_", " ") if name else str(test)


class Lines(unittest.TestResult):
    def addSuccess(self, test):
        print(f"ok - {sentence(test)}", flush=True)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print(f"ok - {sentence(test)} # SKIP {reason}", flush=True)

    def failed(self, name, err):
        self.failures.append((name, ""))
        print(f"not ok - {name}", flush=True)
        print("".join("#   " + line + "\n" for line in "".join(traceback.format_exception(*err)).splitlines()), end="")

    def addFailure(self, test, err):
        self.failed(sentence(test), err)

    addError = addFailure

    def addSubTest(self, test, subtest, err):
        """A part that failed is a line of its own; unittest then calls no other method for the test."""
        if err is not None:
            self.failed(f"{sentence(test)}, {subtest._subDescription()}", err)


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    wanted = sys.argv[1:]
    cases = [test for group in suite for test in group if not wanted or any(part in test.id() for part in wanted)]
    result = Lines()
    unittest.TestSuite([unittest.TestSuite([test for test in cases if type(test) is kind])
                        for kind in dict.fromkeys(type(test) for test in cases)]).run(result)
    sys.exit(0 if result.wasSuccessful() and cases else 1)
