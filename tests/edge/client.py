"""A client for the tests of the edge: whole answers, streams, and bytes on a bare connection."""

import http.client
import json
import socket

TIMEOUT_S = 20


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def events(self):
        """[(name or None, data)] of a stream; data is text."""
        found = []
        for block in self.body.decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "data" in fields:
                found.append((fields.get("event"), fields["data"]))
        return found

    def data(self):
        """The JSON of each event of a stream, the word [DONE] left out."""
        return [json.loads(data) for _, data in self.events() if data != "[DONE]"]


class Client:
    """One connection that is kept alive. Use: with Client(port) as client: client.post("/v1/responses", {...})."""

    def __init__(self, port, key=None):
        self.port, self.key = port, key
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def send(self, method, path, body=None, headers=None):
        """Sends a request and returns the response, its body unread. A body that is no string or bytes becomes JSON."""
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        given = {"content-type": "application/json"}
        if self.key:
            given["authorization"] = f"Bearer {self.key}"
        body = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        self.connection.request(method, path, body, {**given, **(headers or {})})
        return self.connection.getresponse()

    def ask(self, method, path, body=None, headers=None):
        response = self.send(method, path, body, headers)
        return Answer(response.status, response.headers, response.read())

    def post(self, path, body, **headers):
        """Names of headers are written with underscores: x_standin_fault="cut:2"."""
        return self.ask("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()})

    def get(self, path, **headers):
        return self.ask("GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()})


def exchange(port, data, shut=False, timeout=TIMEOUT_S):
    """Sends bytes as they are and returns all that comes until the other side closes, or until the time is over."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.sendall(data)
        if shut:
            connection.shutdown(socket.SHUT_WR)
        got = b""
        try:
            while part := connection.recv(1 << 16):
                got += part
        except (socket.timeout, ConnectionResetError):
            pass
        return got


def request_bytes(path, body, *headers, method="POST"):
    """A request as it goes over the wire, for pipelining and for what no library would send."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: edge", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body
