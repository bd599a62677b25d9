"""Errors of a request to another server: it was not sent, or the answer cannot be used."""

from __future__ import annotations

from converter.core.errors import TablexlError


class OutboundError(TablexlError):
    """A request that failed. `permanent`: trying again won't help.

    `retry_after` is the number of seconds after which the server wants the next request, or None.
    """

    retry_after: float | None = None

    def __init__(self, code: str, message: str, *, permanent: bool) -> None:
        super().__init__(code, message)
        self.permanent = permanent


def bad_address(why: str) -> OutboundError:
    return OutboundError("bad_address", f"This is no address to ask: {why}.", permanent=True)


def not_public(host: str) -> OutboundError:
    return OutboundError(
        "address_not_public",
        f"{host} is not on the public internet; only public addresses are asked.",
        permanent=True,
    )


def unknown_host(host: str) -> OutboundError:
    return OutboundError("host_unknown", f"There is no machine called {host}.", permanent=False)


def unreachable(host: str) -> OutboundError:
    return OutboundError(
        "host_unreachable", f"{host} does not answer, or hung up. Try later.", permanent=False
    )


def bad_certificate(host: str) -> OutboundError:
    return OutboundError(
        "bad_certificate", f"{host} has no valid certificate for its name.", permanent=True
    )


def too_slow(host: str) -> OutboundError:
    return OutboundError(
        "answer_too_slow", f"{host} did not answer in time. Try later.", permanent=False
    )


def too_large(most: int) -> OutboundError:
    return OutboundError(
        "answer_too_large", f"The answer is larger than {most:,} bytes.", permanent=True
    )


def wrong_type(kind: str) -> OutboundError:
    return OutboundError(
        "answer_not_picture", f"The address leads to {kind}, not to a picture.", permanent=True
    )


def too_many_redirects() -> OutboundError:
    return OutboundError("too_many_redirects", "Too many redirects.", permanent=True)


def refused(status: int, retry_after: float | None = None) -> OutboundError:
    """A status other than success; that of a busy or faulty server is not permanent."""
    may_pass = status >= 500 or status in {408, 425, 429}
    later = " Try later." if may_pass else " Look whether the address is right."
    error = OutboundError(
        "http_status", f"The server answered {status}.{later}", permanent=not may_pass
    )
    error.retry_after = retry_after
    return error
