"""What the channels that listen for HTTP share: a socket that answers at once, and a server that leaves signals to the program."""

import contextlib
import socket
from typing import Any

import uvicorn

GRACE_SECONDS = 2
"""How long answers being made may take when a server is stopped."""


def listen(host: str, port: int, family: int = socket.AF_INET) -> socket.socket:
    """A socket that listens; OSError where the address cannot be had."""
    listening = socket.create_server((host, port), family=family, backlog=256)
    # Connections inherit it; without, an answer in two writes waits 40 ms for the acknowledgement of the first.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def server(app: Any, most_connections: int | None = None) -> uvicorn.Server:
    """A server for an ASGI application, which ends by `should_exit` only: signals belong to the program, not to one of its channels."""
    made = uvicorn.Server(
        uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            ws="none",
            http="h11",
            limit_concurrency=most_connections,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    made.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    return made
