"""HTTP/1.1 on asyncio streams, as much as a model server needs: keep-alive, pipelining, chunks both ways, HTTP/1.0.

Memory: a head is at most 64 KiB, a body 32 MiB; what is larger is refused before it is read.
"""

import asyncio
import http
import socket
import struct

HEAD_MOST, BODY_MOST = 64 << 10, 32 << 20


class Malformed(Exception):
    """What came is no request that can be answered further: a status and a text, then the connection ends."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message


class Request:
    def __init__(self, method, target, version, headers):
        self.method, self.target, self.version, self.headers, self.body = method, target, version, headers, b""

    def header(self, name, default=""):
        """The first header of that name (lower case)."""
        return next((value for key, value in self.headers if key.lower() == name), default)

    def keeps_alive(self):
        wish = self.header("connection").lower()
        return wish == "keep-alive" if self.version == "HTTP/1.0" else wish != "close"


async def read_line(reader):
    try:
        return (await reader.readuntil(b"\n")).rstrip(b"\r\n").decode("latin-1")
    except asyncio.LimitOverrunError:
        raise Malformed(431, "a line of the head is too long") from None


async def read_head(reader):
    """A request without its body; None where the client has closed."""
    try:
        line = await read_line(reader)
        words = line.split(" ")
        if len(words) != 3 or words[2] not in ("HTTP/1.0", "HTTP/1.1"):
            raise Malformed(400, "no request line")
        headers, size = [], len(line)
        while line := await read_line(reader):
            name, colon, value = line.partition(":")
            size += len(line)
            if not colon or not name or name != name.strip():
                raise Malformed(400, "a header without a colon")
            if size > HEAD_MOST:
                raise Malformed(431, "the head is too large")
            headers.append((name, value.strip()))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return Request(words[0], words[1], words[2], headers)


async def read_chunks(reader):
    body = bytearray()
    while True:
        try:
            size = int((await read_line(reader)).partition(";")[0], 16)
        except ValueError:
            raise Malformed(400, "no size of a chunk") from None
        if size < 0 or len(body) + size > BODY_MOST:
            raise Malformed(413, "Request exceeds the maximum size")
        if size == 0:
            while await read_line(reader):
                pass
            return bytes(body)
        body += await reader.readexactly(size)
        if await reader.readexactly(2) != b"\r\n":
            raise Malformed(400, "a chunk that is longer than it says")


async def read_request(reader, writer):
    """The next request of a connection; None where there is none."""
    request = await read_head(reader)
    if request is None:
        return None
    length, coded = request.header("content-length"), request.header("transfer-encoding").lower()
    if coded not in ("", "chunked") or (length and (coded or not length.isdigit())):
        raise Malformed(400, "a body whose length is not clear")
    if length and int(length) > BODY_MOST:
        raise Malformed(413, "Request exceeds the maximum size")
    if request.header("expect").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        request.body = await (read_chunks(reader) if coded else reader.readexactly(int(length or 0)))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return request


def head(status, headers):
    lines = [f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase if status in set(http.HTTPStatus) else 'Error'}"]
    return "\r\n".join(lines + [f"{name}: {value}" for name, value in headers] + ["", ""]).encode("latin-1", "replace")


def plain(status, headers, body):
    """A whole answer with its length."""
    return head(status, [*headers, ("content-length", len(body))]) + body


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data) if data else b""


LAST_CHUNK = b"0\r\n\r\n"


def reset(writer):
    """The peer sees a connection reset, not an end."""
    where = writer.get_extra_info("socket")
    if where is not None:
        where.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
