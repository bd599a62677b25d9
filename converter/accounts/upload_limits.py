"""How many files strangers may upload: counted where a request's files become known."""

from __future__ import annotations

from django.http import HttpRequest

from converter.accounts import rate_limit_identity, rate_limits
from converter.accounts.rate_limits import TooMany, Usage

_USAGES = "rate_limit_usages"  # of a request: what its answer tells


def count_files(request: HttpRequest, number: int) -> None:
    """Count the files of a stranger's request. Raises TooMany; then none of them may be taken."""
    limit = rate_limits.of_upload_files()
    if not (limit.most and number):
        return
    clients = rate_limit_identity.clients_of(request)
    if clients[0].startswith("user "):
        return
    usages = [rate_limits.record(client, limit, amount=number) for client in clients]
    tell(request, *usages)
    for usage in usages:
        if usage.is_over:
            raise TooMany(usage)


def tell(request: HttpRequest, *usages: Usage) -> None:
    """Have the answer to a request say how much is left."""
    setattr(request, _USAGES, [*told(request), *usages])


def told(request: HttpRequest) -> list[Usage]:
    usages: list[Usage] = getattr(request, _USAGES, [])
    return usages
