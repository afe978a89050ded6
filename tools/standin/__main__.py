"""A stand-in for a model server, on loopback only: `python3 tools/standin [--port N]`, 0 takes a free port.

It prints `listening on 127.0.0.1:PORT` and serves POST /v1/chat/completions, /v1/responses, /v1/messages and
/v1/messages/count_tokens, GET /v1/models until it gets SIGTERM or SIGINT. The same prompt gets the same answer. Faults are
asked for by the request (faults.py), and tests can ask what reached it (server.py).
"""

import argparse
import asyncio
import signal
import sys

sys.dont_write_bytecode = True
import server  # noqa: E402  after the line above, so that nothing is written beside the sources


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8080)
    options = parser.parse_args()
    task = asyncio.create_task(server.serve(options.port, lambda port: print(f"listening on 127.0.0.1:{port}", flush=True)))
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        pass


asyncio.run(main())
