"""nginx with the module in front of the stand-in model, and the folder that it shares with the service.

  with Model() as model, State() as state, gated(model, state) as nginx, Client(nginx.port, state.key("acct_1")) as client: ...
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness import BUILD, NOBODY, Nginx, Process, answers_at, free_port, unprivileged, wait_until

SECRET = "00112233445566778899aabbccddeeff" * 2
PROXY = """
    stillwatch on;
    {directives}
    client_body_buffer_size 1m;
    location / {{
        proxy_pass http://model;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_buffering off;
    }}
    {locations}
"""


class State:
    """A state folder with a table; commands on it are the program's own."""

    def __init__(self):
        self.program = BUILD / "stillwatch"
        if not self.program.exists():
            raise unittest.SkipTest("stillwatch is not built")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stillwatch-state-"))
        self.n_keys = 0
        (self.folder / "secret").write_text(SECRET)
        (self.folder / "spool").mkdir()
        self.run("key", "list", create=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *words, text=None, create=False):
        command = [self.program, *words, "--state", self.folder, "--key-file", self.folder / "secret"]
        if create:  # a key that nobody knows makes the table
            command[1:3] = ["key", "add", "--account", "nobody", "--id", "key_0", "--generate"]
        done = subprocess.run([str(word) for word in command], input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, words))}: {done.returncode}: {done.stderr}")
        self.own()
        return done.stdout

    def own(self):
        if os.geteuid() == 0:
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, NOBODY, NOBODY)

    def key(self, account, *options, id=None):
        self.n_keys += 1
        return self.run("key", "add", "--account", account, "--id", id or f"key_{self.n_keys}", "--generate", *options).strip()

    def account(self, account, **facts):
        self.accounts([{"account": account, **facts}])

    def accounts(self, accounts):
        lines = [{"event": "account", "time": "2026-05-01T00:00:00Z", **facts} for facts in accounts]
        self.run("account", "import", "-", text="".join(json.dumps(line) + "\n" for line in lines))

    def decide(self, account, action):
        self.run("decision", "set", account, action, "--reason", "For a test.")


class Service(Process):
    """stillwatchd on a state folder; metrics and health are on self.port."""

    def __init__(self, state, *options):
        program = BUILD / "stillwatchd"
        if not program.exists():
            raise unittest.SkipTest("stillwatchd is not built")
        self.port, self.state = free_port(), state
        # A copy: whom it runs as may not be let into the folder of the sources.
        shutil.copy(program, state.folder / "stillwatchd")
        state.own()
        with open(state.folder / "service.log", "ab") as log:
            self.start([state.folder / "stillwatchd", "--state", state.folder, "--key-file", state.folder / "secret", "--threads", 1,
                        "--listen", f"127.0.0.1:{self.port}", *options], stdout=log, stderr=log,
                       cwd=state.folder, **unprivileged())
        wait_until(lambda: self.process.poll() is not None or answers_at(self.port), what="the service")
        if self.process.poll() is not None:
            raise AssertionError(f"the service did not start:\n{self.log()}")

    def log(self):
        return (self.state.folder / "service.log").read_text(errors="replace")


def gated(model, state, rules="version: 1\n", directives="", locations="", http="", zone="1m", spool="256k", **options):
    files = {"rules.yaml": rules, **options.pop("files", {})}
    http = f"""
        stillwatch_state {state.folder};
        stillwatch_key_file {state.folder}/secret;
        stillwatch_rules rules.yaml;
        stillwatch_zone {zone};
        stillwatch_spool {spool};
        {http}
    """
    return Nginx(PROXY.format(directives=directives, locations=locations), http=http, model=model, with_module=True,
                 files=files, **options)
