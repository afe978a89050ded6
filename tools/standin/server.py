"""The stand-in's connections: reads requests, routes them to a dialect, sends answers and the faults asked for.

For tests: GET /standin/last is the last request that reached the model, as it came; GET /standin/counts counts requests,
connections and answers that the client did not wait for. Every answer names its request: x-standin-request-sha, the SHA-256
of the body, and x-standin-serial.
"""

import asyncio
import base64
import collections
import hashlib
import json

import answers
import faults
import wire
from chat import Chat
from dialect import CREATED, MODELS, Refused, compact, error_body
from messages import Message, count_tokens
from responses import Response

DIALECTS = {"/v1/chat/completions": Chat, "/v1/responses": Response, "/v1/messages": Message}
JSON = ("content-type", "application/json")
REMEMBERED = 1024


def models(anthropic):
    if not anthropic:
        return {"object": "list", "data": [{"id": name, "object": "model", "created": CREATED, "owned_by": "standin"}
                                           for name in MODELS]}
    data = [{"type": "model", "id": name, "display_name": name, "created_at": "2025-10-09T08:53:20Z"} for name in MODELS]
    return {"data": data, "has_more": False, "first_id": MODELS[0], "last_id": MODELS[-1]}


def parse_body(request):
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Refused(400, "We could not parse the JSON body of your request.") from None
    if not isinstance(body, dict):
        raise Refused(400, "The body of a request is a JSON object.")
    return body


class Server:
    def __init__(self):
        self.last, self.counts = {}, collections.Counter()
        self.tries = collections.OrderedDict()

    # What a request is about
    def note(self, request):
        """Keeps the request for /standin/last; the headers that its answer names it by."""
        self.counts["requests"] += 1
        self.counts["requests " + request.target.partition("?")[0][:80]] += 1
        self.last = {"serial": self.counts["requests"], "method": request.method, "target": request.target,
                     "version": request.version, "headers": request.headers,
                     "body": request.body.decode("utf-8", "replace"), "body_base64": base64.b64encode(request.body).decode(),
                     "body_sha256": hashlib.sha256(request.body).hexdigest()}
        names = [("x-standin-request-sha", self.last["body_sha256"]), ("x-standin-serial", self.last["serial"])]
        issued = "req_" + answers.seed_of(self.last["body_sha256"], self.last["serial"]).hex()[:24]
        return names + ([("request-id", issued)] if self.is_anthropic(request) else [("x-request-id", issued)])

    @staticmethod
    def is_anthropic(request):
        return request.target.startswith("/v1/messages") or request.header("anthropic-version") != ""

    def again(self, request, asked):
        """True for the second of two equal requests that ask to be sent away once."""
        key = (hashlib.sha256(request.body).digest(), tuple(sorted(asked.items())))
        if self.tries.pop(key, False):
            return True
        self.tries[key] = True
        if len(self.tries) > REMEMBERED:
            self.tries.popitem(last=False)
        return False

    def reply(self, request):
        """(faults asked for, whole answer or None, events or None) of a request to the model; Refused where it is none."""
        path = request.target.partition("?")[0]
        if request.method == "GET" and path == "/v1/models":
            return {}, models(self.is_anthropic(request)), None
        if path not in DIALECTS and path != "/v1/messages/count_tokens":
            raise Refused(404, f"Invalid URL ({request.method} {path})")
        if request.method != "POST":
            raise Refused(405, f"Not allowed to {request.method} on {path}")
        header = request.header("x-standin-fault")
        body = parse_body(request)
        asked = faults.parse(header, body.get("model"))
        if "error" in asked:
            raise Refused(asked["error"], f"The stand-in was asked for status {asked['error']}.")
        if "retry" in asked and not self.again(request, asked):
            raise Refused(429, "The stand-in was asked to be busy once.")
        if path == "/v1/messages/count_tokens":
            return asked, count_tokens(body), None
        answer = DIALECTS[path](body)
        return (asked, None, answer.events()) if body.get("stream") is True else (asked, answer.whole(), None)

    def about(self, request):
        """What tests ask the stand-in itself."""
        if request.method == "GET" and request.target == "/standin/last":
            return 200, self.last
        if request.method == "GET" and request.target == "/standin/counts":
            return 200, dict(self.counts)
        return 404, {"error": "GET /standin/last or /standin/counts"}

    # Sending
    async def send(self, request, writer, reader):
        """One answer. True where the connection can go on."""
        keep = request.keeps_alive()
        ends = [("connection", "keep-alive" if keep else "close")]
        if request.target.startswith("/standin/"):
            status, body = self.about(request)
            writer.write(wire.plain(status, [JSON, *ends], compact(body).encode()))
            return keep
        names = self.note(request) + ends
        try:
            asked, whole, events = self.reply(request)
        except (Refused, faults.Unknown) as why:
            status = getattr(why, "status", 400)
            waits = [("retry-after", self.retry_after(request))] if status == 429 else []
            body = error_body(self.is_anthropic(request), status, str(why), getattr(why, "param", None))
            writer.write(wire.plain(status, [JSON, *names, *waits], compact(body).encode("utf-8", "replace")))
            return keep
        if "hang" in asked:
            return await self.wait_for_end(reader, asked["hang"])
        if "slow" in asked:
            await asyncio.sleep(asked["slow"] / 1000)
        if events is None:
            return self.send_whole(writer, names, whole, asked) and keep
        return await self.send_events(request, writer, reader, names, events, asked) and keep

    @staticmethod
    def retry_after(request):
        try:
            return faults.parse(request.header("x-standin-fault"), parse_body(request).get("model")).get("retry", 1)
        except (Refused, faults.Unknown):
            return 1

    @staticmethod
    def send_whole(writer, names, whole, asked):
        body = faults.GARBAGE if "garbage" in asked else compact(whole).encode("utf-8", "surrogatepass")
        data = wire.plain(200, [JSON, *names], body)
        if "reset" in asked or "cut" in asked:
            writer.write(data[:len(data) - len(body) // 2])
            return wire.reset(writer) if "reset" in asked else False
        writer.write(data)
        return True

    async def send_events(self, request, writer, reader, names, events, asked):
        chunked = request.version == "HTTP/1.1"
        headers = [("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache"), *names]
        writer.write(wire.head(200, headers + ([("transfer-encoding", "chunked")] if chunked else [])))
        parts, ending = faults.pieces(events, asked)
        for i, part in enumerate(parts):
            if i and "slow" in asked:
                await asyncio.sleep(asked["slow"] / 1000)
            writer.write(wire.chunk(part) if chunked else part)
            await writer.drain()
        if ending == "stall":
            return await self.wait_for_end(reader, 3600)
        if ending == "reset":
            await asyncio.sleep(0.02)  # a reset throws away what the peer has not read yet
            return wire.reset(writer)
        if ending == "cut" or not chunked:
            return False
        writer.write(wire.LAST_CHUNK)
        return True

    async def wait_for_end(self, reader, seconds):
        try:
            if not await asyncio.wait_for(reader.read(1), seconds):
                self.counts["left by the client"] += 1
        except asyncio.TimeoutError:
            pass
        return False

    async def connection(self, reader, writer):
        self.counts["connections"] += 1
        try:
            while (request := await wire.read_request(reader, writer)) is not None:
                going_on = await self.send(request, writer, reader)
                await writer.drain()
                if not going_on:
                    break
        except wire.Malformed as why:
            body = compact(error_body(False, why.status, why.message)).encode()
            writer.write(wire.plain(why.status, [JSON, ("connection", "close")], body))
        except ConnectionError:
            self.counts["left by the client"] += 1
        finally:
            writer.close()


async def serve(port, ready):
    """Listens on the loopback address until it is cancelled; ready(port) is called once it does."""
    server = await asyncio.start_server(Server().connection, "127.0.0.1", port, limit=wire.HEAD_MOST, backlog=1024)
    ready(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()
