#!/usr/bin/env python3
"""How long an event of a stream takes from the model server's write to the client's read.

As a program it is the model server: each request gets a first event at once and more at a distance, and each event bears
the monotonic time of its writing. probe() is the client: it reads event by event and subtracts.
"""

import re
import socket
import socketserver
import sys
import time

EVENTS, APART_S = 6, 0.0004
STAMP = re.compile(rb'"sent_ns":(\d+)')
HEAD = (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n")
EVENT = ('data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"standin-large",'
         '"choices":[{"index":0,"delta":{"content":" gear"},"logprobs":null,"finish_reason":null}],"sent_ns":%d}\n\n')
BODY = (b'{"model":"standin-large","stream":true,"messages":[{"role":"user","content":"' + b"gear " * 270 + b'"}]}')


class Stream(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting = b""
        while True:
            while b"\r\n\r\n" not in waiting:
                if not (part := self.request.recv(65536)):
                    return
                waiting += part
            head, _, waiting = waiting.partition(b"\r\n\r\n")
            left = int(re.search(rb"content-length: *(\d+)", head, re.IGNORECASE).group(1)) - len(waiting)
            while left > 0:
                left -= len(self.request.recv(65536))
            waiting = b""
            self.answer()

    def answer(self):
        before = HEAD
        for i in range(EVENTS):
            if i:
                time.sleep(APART_S)
            event = (EVENT % time.monotonic_ns()).encode()
            self.request.sendall(before + b"%x\r\n%s\r\n" % (len(event), event))
            before = b""
        self.request.sendall(b"data: [DONE]\n\n".join([b"e\r\n", b"\r\n0\r\n\r\n"]))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True


def probe(port, n_requests):
    """(first, later): microseconds that the first and the later events of n_requests streams took."""
    first, later = [], []
    request = (b"POST /v1/chat/completions HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer sk-bench-key-0001\r\n"
               b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)) + BODY
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(n_requests):
            connection.sendall(request)
            got, seen = b"", 0
            while not got.endswith(b"0\r\n\r\n"):
                part = connection.recv(65536)
                now = time.monotonic_ns()
                if not part:
                    raise ConnectionError(f"the stream ended early: {got[:200]!r}")
                got += part
                stamps = STAMP.findall(got)
                for stamp in stamps[seen:]:
                    (later if seen else first).append((now - int(stamp)) / 1000)
                    seen += 1
            if seen != EVENTS:
                raise ConnectionError(f"{seen} events of {EVENTS}: {got[:200]!r}")
    return first, later


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Stream) as server:
        print(f"listening on 127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()
        sys.exit(0)
