"""The web process: gunicorn's worker with threads for requests and an event loop for listeners.

A request that ends in a `DetachedResponse` gives its connection to the loop, and its thread takes
the next request. All other requests are served as gunicorn serves them.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.module_loading import import_string
from gunicorn.workers.gthread import ThreadWorker

# Named, not imported: gunicorn looks at this module before Django is set up.
LISTENERS = "converter.api.live.listeners.Listeners"
DECODERS = "converter.config.decoders.decoders"
IN_ENVIRON = "tablexl.listeners"
RECHECK_AFTER = 50  # requests until it is checked again whether the process can be replaced


class Detached(StopIteration):
    """Tells gunicorn that a connection needs no response any more."""


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    wsgi: Callable[..., Any]
    max_requests: int
    nr: int
    nr_conns: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listeners: Any = None  # until the application is there
        self._detached: set[socket.socket] = set()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.listeners = import_string(LISTENERS)()
        import_string(DECODERS)().warm_up()  # or the first upload would wait for it
        self._application = self.wsgi
        self.wsgi = self._respond

    def handle_request(self, req: Any, conn: Any) -> Any:
        # It is replaced after so many requests, but not while listeners would be cut off.
        if self.nr + 1 >= self.max_requests and len(self.listeners):
            self.max_requests = self.nr + RECHECK_AFTER
        return super().handle_request(req, conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        if conn.sock not in self._detached:
            super().finish_request(conn, fs)
            return
        self._detached.discard(conn.sock)
        self.nr_conns -= 1

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        if self.listeners is not None:
            self.listeners.stop()

    def run(self) -> None:
        try:
            super().run()
        finally:
            self.listeners.join()

    def _respond(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        environ[IN_ENVIRON] = self.listeners
        response = self._application(environ, start_response)
        if not hasattr(response, "detach"):
            return response  # type: ignore[no-any-return]
        connection: socket.socket = environ["gunicorn.socket"]
        response.close()
        response.detach(connection)
        self._detached.add(connection)
        raise Detached
