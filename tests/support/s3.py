"""An object store that speaks enough of S3 for the real client, and refuses what a test wants."""

from __future__ import annotations

import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET = "pictures"
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
PER_PAGE = 3  # so that few files are several pages of a list


class Bucket:
    """What is kept, what was asked for, and what is to be refused."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.asked: list[str] = []  # such as `COPY`, `DELETE`
        self.refuse: Callable[[str], bool] = lambda _verb: False
        self.port = 0

    @property
    def url(self) -> str:
        return f"s3://{BUCKET}/here?endpoint=http://127.0.0.1:{self.port}&region=eu-west-1"

    def keys(self) -> list[str]:
        return sorted(self.objects)

    def keep(self, key: str, data: bytes) -> None:
        self.objects[key] = data, datetime.now(UTC)


@contextmanager
def running() -> Iterator[Bucket]:
    bucket = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(bucket))
    server.daemon_threads = True
    bucket.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(bucket: Bucket) -> type[BaseHTTPRequestHandler]:
    class Handler(_S3):
        kept = bucket

    return Handler


class _S3(BaseHTTPRequestHandler):
    kept: Bucket
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one piece

    def log_message(self, *_: object) -> None:
        pass

    def handle_expect_100(self) -> bool:
        expected = super().handle_expect_100()
        self.wfile.flush()
        return expected

    def do_GET(self) -> None:
        if self._key():
            self._answer_verb("GET", self._send_object)
        else:
            self._answer_verb("LIST", self._send_list)

    def do_HEAD(self) -> None:
        self._answer_verb("HEAD", self._send_object)

    def do_PUT(self) -> None:
        source = self.headers.get("x-amz-copy-source")
        if source:
            self._answer_verb("COPY", lambda: self._copy(unquote(source)))
        else:
            data = self._body()
            self._answer_verb("PUT", lambda: self._put(data))

    def do_DELETE(self) -> None:
        self._answer_verb("DELETE", self._delete)

    def do_POST(self) -> None:
        data = self._body()
        self._answer_verb("DELETE", lambda: self._delete_many(data))

    def _answer_verb(self, verb: str, answer: Callable[[], None]) -> None:
        self.kept.asked.append(verb)
        if self.kept.refuse(verb):
            self._error(403, "AccessDenied")
        else:
            answer()

    def _send_object(self) -> None:
        if self._key() not in self.kept.objects:
            return self._error(404, "NoSuchKey")
        data, moment = self.kept.objects[self._key()]
        stamp = format_datetime(moment, usegmt=True)
        return self._send(200, data, {"Last-Modified": stamp, "ETag": _tag(data)})

    def _send_list(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        prefix, after = query.get("prefix", ""), query.get("continuation-token", "")
        found = sorted({_cut(key, prefix, query.get("delimiter")) for key in self._below(prefix)})
        left = [name for name in found if name > after]
        shown = left[:PER_PAGE]
        lines = [self._listed(name, query.get("delimiter")) for name in shown]
        more = len(left) > len(shown)
        lines.append(f"<IsTruncated>{str(more).lower()}</IsTruncated>")
        if more:
            lines.append(f"<NextContinuationToken>{escape(shown[-1])}</NextContinuationToken>")
        self._send_xml("ListBucketResult", "".join(lines))

    def _below(self, prefix: str) -> list[str]:
        return [key for key in list(self.kept.objects) if key.startswith(prefix)]

    def _listed(self, name: str, delimiter: str | None) -> str:
        if delimiter and name.endswith(delimiter):
            return f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>"
        data, moment = self.kept.objects[name]
        return (
            f"<Contents><Key>{escape(name)}</Key><Size>{len(data)}</Size>"
            f"<LastModified>{moment:%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
        )

    def _copy(self, source: str) -> None:
        key = source.removeprefix("/").partition("/")[2]
        if key not in self.kept.objects:
            return self._error(404, "NoSuchKey")
        data = self.kept.objects[key][0]
        self.kept.keep(self._key(), data)
        return self._send_xml("CopyObjectResult", f"<ETag>{escape(_tag(data))}</ETag>")

    def _put(self, data: bytes) -> None:
        self.kept.keep(self._key(), data)
        self._send(200, b"", {"ETag": _tag(data)})

    def _delete(self) -> None:
        self.kept.objects.pop(self._key(), None)
        self._send(204, b"")

    def _delete_many(self, data: bytes) -> None:
        for key in ET.fromstring(data).iter(f"{{{NAMESPACE}}}Key"):
            self.kept.objects.pop(key.text or "", None)
        self._send_xml("DeleteResult", "")

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/").partition("/")[2]

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _error(self, status: int, code: str) -> None:
        self._send_xml("Error", f"<Code>{code}</Code><Message>No.</Message>", status)

    def _send_xml(self, name: str, body: str, status: int = 200) -> None:
        space = "" if name == "Error" else f' xmlns="{NAMESPACE}"'
        self._send(status, f"<{name}{space}>{body}</{name}>".encode())

    def _send(self, status: int, data: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def _tag(data: bytes) -> str:
    return f'"{md5(data, usedforsecurity=False).hexdigest()}"'


def _cut(key: str, prefix: str, delimiter: str | None) -> str:
    """A key, or what stands for all keys of one folder."""
    rest = key[len(prefix) :]
    if delimiter and delimiter in rest:
        return prefix + rest.partition(delimiter)[0] + delimiter
    return key
