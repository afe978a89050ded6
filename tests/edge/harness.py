"""Starts the stand-in model and nginx on free loopback ports for a test, and stops them whatever happens.

  with Model() as model, Nginx(PROXY, model=model) as nginx, Client(nginx.port) as client: ...

nginx runs without the rights of root, in a folder of its own that goes at the end. When it is stopped its error log is
searched: a crash, an alert or a report of a sanitizer fails the test. Every process dies with the test's own, even when
that is killed.

STILLWATCH_NGINX_MODULE names the module (else it is looked for in the build folder), STILLWATCH_NGINX the nginx program,
STILLWATCH_NGINX_PRELOAD a library to load before it, for modules that were built with a sanitizer.
"""

import ctypes
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from client import Client

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = (ROOT / os.environ.get("STILLWATCH_BUILD", "build")).resolve()
MODULE = "ngx_http_stillwatch_module.so"
SANITIZED = bool(os.environ.get("STILLWATCH_NGINX_PRELOAD"))
NOBODY = 65534
READY_S, STOP_S = 15, 10
BAD = re.compile(r"\[(?:alert|emerg)\]|exited on signal|AddressSanitizer|runtime error:|LeakSanitizer|Sanitizer:")
ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
libc = ctypes.CDLL(None, use_errno=True)

# The plain proxy: what a provider has before the module comes in front.
PROXY = """
    location / {
        proxy_pass http://model;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_buffering off;
        proxy_request_buffering on;
    }
"""

FRAME = """
worker_processes {workers};
pid nginx.pid;
error_log error.log {log_level};
{main}
events {{ worker_connections 2048; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path unused;
    uwsgi_temp_path unused;
    scgi_temp_path unused;
    client_max_body_size 32m;
    keepalive_requests 1000000;
    upstream model {{ server 127.0.0.1:{model_port}; keepalive 128; keepalive_requests 1000000; }}
    {http}
    server {{
        listen 127.0.0.1:{port};
        {server}
    }}
}}
"""


def die_with_parent():
    libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def unprivileged():
    """Options of Popen that drop the rights of root."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def answers_at(port):
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex(("127.0.0.1", port)) == 0


def wait_until(true, seconds=READY_S, what="it"):
    """Polls; AssertionError when the time is over."""
    end = time.monotonic() + seconds
    while not (result := true()):
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come within {seconds} s")
        time.sleep(0.01)
    return result


def module():
    """The built module's path, or a skip of the test."""
    named = os.environ.get("STILLWATCH_NGINX_MODULE")
    found = [pathlib.Path(named)] if named else sorted(BUILD.rglob(MODULE))
    if not found or not found[0].exists():
        raise unittest.SkipTest(f"{MODULE} is not built")
    return found[0].resolve()


def nginx_program():
    program = os.environ.get("STILLWATCH_NGINX") or shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if not program:
        raise unittest.SkipTest("nginx is not installed")
    return program


class Process:
    """A process that is stopped at the end of a with block."""

    process = None

    def start(self, command, **options):
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL,
                                        preexec_fn=die_with_parent, start_new_session=True, **options)

    def stop(self):
        """Asks the process to end, then makes it."""
        if self.process is None:
            return
        try:
            self.process.terminate()
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            print("#   it did not stop when asked to", flush=True)
        finally:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
            self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Model(Process):
    """The stand-in model server."""

    def __init__(self, port=0):
        self.start([sys.executable, ROOT / "tools/standin", "--port", port], stdout=subprocess.PIPE, text=True,
                   env=ENVIRONMENT)
        line = self.process.stdout.readline()
        match = re.match(r"listening on 127\.0\.0\.1:(\d+)$", line)
        if not match:
            self.stop()
            raise AssertionError(f"the stand-in did not start: {line!r}")
        self.port = int(match.group(1))

    def stop(self):
        if self.process is not None:
            self.process.stdout.close()
        super().stop()

    def about(self, what):
        with Client(self.port) as client:
            return client.get(f"/standin/{what}").json()

    def last(self):
        """The last request that reached the model: serial, method, target, headers, body (text) and json where it is one."""
        last = self.about("last")
        try:
            last["json"] = json.loads(last["body"])
        except (KeyError, ValueError):
            last["json"] = None
        return last

    def header(self, name):
        """The values of a header of the last request."""
        return [value for key, value in self.about("last").get("headers", []) if key.lower() == name.lower()]

    def n_requests(self):
        return self.about("counts").get("requests", 0)


class Nginx(Process):
    """nginx with one server. `server`, `http` and `main` are configuration; files are relative to self.folder.

    With with_module the module is loaded. `files` maps names to contents that are written into the folder before the start.
    """

    def __init__(self, server, http="", main="", model=None, with_module=False, workers=1,
                 log_level="info", files=None, port=None):
        program, self.allowed = nginx_program(), []
        loaded = module() if with_module else None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stillwatch-edge-"))
        try:
            if loaded:
                shutil.copy(loaded, self.folder / MODULE)
                main = f"load_module {self.folder / MODULE};\n{main}"
            for name, content in (files or {}).items():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
            self.port = port or free_port()
            self.configure(server=server, http=http, main=main, workers=workers, log_level=log_level, port=self.port,
                           model_port=model.port if model else free_port())
            self.own()
            self.command = [program, "-p", f"{self.folder}/", "-c", "nginx.conf", "-e", "error.log", "-g", "daemon off;"]
            self.begin()
        except BaseException:
            self.stop()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def configure(self, **parts):
        self.parts = parts
        (self.folder / "nginx.conf").write_text(FRAME.format(**parts))

    def own(self):
        """Gives the folder and all in it to the user that nginx runs as."""
        if os.geteuid() == 0:
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)

    def begin(self):
        environment = dict(ENVIRONMENT)
        if SANITIZED and (self.folder / MODULE).exists():
            environment["LD_PRELOAD"] = os.environ["STILLWATCH_NGINX_PRELOAD"]
        with open(self.folder / "output", "ab") as output:
            self.start(self.command, stdout=output, stderr=output, env=environment, **unprivileged())
        # The master listens before it has workers.
        wait_until(lambda: self.process.poll() is not None or (self.workers() and answers_at(self.port)), what="nginx")
        if self.process.poll() is not None:
            raise AssertionError(f"nginx did not start:\n{self.error_log()}")

    def reload(self, **parts):
        """New configuration, read without a restart; returns once its workers serve and the old ones take nothing new."""
        self.configure(**{**self.parts, **parts})
        before = set(self.workers())
        self.process.send_signal(signal.SIGHUP)
        wait_until(lambda: (now := set(self.workers())) and not now & before and answers_at(self.port), what="a new worker")

    def workers(self):
        """Process ids of the workers."""
        found, children = [], pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for pid in (children.read_text() if children.exists() else "").split():
            try:
                line = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            if b"worker process" in line and b"shutting" not in line:
                found.append(int(pid))
        return found

    def error_log(self):
        return "".join(path.read_text(errors="replace") for path in (self.folder / "output", self.folder / "error.log")
                       if path.exists())

    def allow(self, pattern):
        """A line of the error log that matches is no fault of nginx in this test."""
        self.allowed.append(re.compile(pattern))

    def complaints(self):
        return [line for line in self.error_log().splitlines()
                if BAD.search(line) and not any(pattern.search(line) for pattern in self.allowed)]

    def __exit__(self, kind, *_):
        self.stop()
        complaints, log = self.complaints(), self.error_log()
        shutil.rmtree(self.folder, ignore_errors=True)
        if kind is not None and kind is not unittest.SkipTest:
            print("".join(f"#   {line}\n" for line in log.splitlines()[-20:]), end="")
        elif complaints:
            raise AssertionError("nginx complained:\n" + "\n".join(complaints[:20]))
