"""The process that serves: gunicorn's, with threads for calls and a loop for those who listen.

A call that ends in a `Handover` gives its connection to the loop, and its thread takes the next
call. All other calls are served as gunicorn serves them.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.module_loading import import_string
from gunicorn.workers.gthread import ThreadWorker

# Named, not imported: gunicorn looks at this module before Django is set up.
LISTENERS = "converter.api.live.listeners.Listeners"
IN_ENVIRON = "tablexl.listeners"
RESPITE = 50  # calls after which a process is asked again whether it can be replaced


class HandedOver(StopIteration):
    """gunicorn's word for a connection that it need not answer any more."""


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    wsgi: Callable[..., Any]
    max_requests: int
    nr: int
    nr_conns: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listeners: Any = None  # until the application is there
        self._handed_over: set[socket.socket] = set()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.listeners = import_string(LISTENERS)()
        self._application = self.wsgi
        self.wsgi = self._answer

    def handle_request(self, req: Any, conn: Any) -> Any:
        # It is replaced after so many calls, but not while that would cut off those who listen.
        if self.nr + 1 >= self.max_requests and len(self.listeners):
            self.max_requests = self.nr + RESPITE
        return super().handle_request(req, conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        if conn.sock not in self._handed_over:
            super().finish_request(conn, fs)
            return
        self._handed_over.discard(conn.sock)
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

    def _answer(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        environ[IN_ENVIRON] = self.listeners
        answer = self._application(environ, start_response)
        if not hasattr(answer, "hand_over"):
            return answer  # type: ignore[no-any-return]
        connection: socket.socket = environ["gunicorn.socket"]
        answer.close()
        answer.hand_over(connection)
        self._handed_over.add(connection)
        raise HandedOver
