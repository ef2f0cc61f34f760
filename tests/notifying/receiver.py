"""A web server on this computer that takes what webhooks send."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Event, Thread
from typing import Any

#: What no error, log or list may show.
SECRET = "T0/B0/do-not-show"


@dataclass
class Answer:
    """What the server says to one request.

    Attributes:
        holds: whether it says nothing before the server is let go.
    """

    code: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str = "ok"
    holds: bool = False


@dataclass
class Receiver:
    """What arrived, and what is answered: each answer once, then 200.

    Attributes:
        arrived: method, path, headers and body of each request.
    """

    port: int = 0
    answers: list[Answer] = field(default_factory=list)
    arrived: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    let_go: Event = field(default_factory=Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/{SECRET}"

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, _, _, body in self.arrived]

    def wait_for(self, count: int, limit_s: float = 30.0) -> list[dict[str, Any]]:
        end = time.monotonic() + limit_s
        while len(self.arrived) < count:
            assert time.monotonic() < end, f"{len(self.arrived)} of {count} arrived"
            time.sleep(0.01)
        return self.documents


@contextmanager
def receiving(context: SSLContext | None = None) -> Iterator[Receiver]:
    """Run the server; with a context it speaks TLS."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            receiver.arrived.append(("POST", self.path, dict(self.headers), body))
            answer = receiver.answers.pop(0) if receiver.answers else Answer()
            if answer.holds:
                receiver.let_go.wait(30)
            said = answer.body.encode()
            self.send_response(answer.code)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def do_GET(self) -> None:
            receiver.arrived.append(("GET", self.path, dict(self.headers), b"{}"))
            self.send_error(405)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output clean."""

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                """The other side gave up waiting, as the test wants it to."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        # On accepting, a client that leaves at once would end the server's loop.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    receiver.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()
