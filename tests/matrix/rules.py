"""For whom each address is. A new one must get a rule here, or the tests fail."""

from __future__ import annotations

from enum import StrEnum

from tests.matrix.routes import is_of_admin


class Who(StrEnum):
    """For whom an address is, in the words of `docs/access.md`."""

    OPEN = "everybody, always"
    ANYONE = "everybody"
    MINE = "everybody, with what is theirs"
    OWNER = "the owner"
    LINK = "who has the link"
    STAFF = "staff"
    NOBODY = "nobody"


RULES: dict[str, Who] = {
    # The same for everybody, and nothing of anybody: also with REQUIRE_LOGIN.
    "login/": Who.OPEN,
    "admin/login/": Who.OPEN,
    "favicon.ico": Who.OPEN,
    "docs/errors": Who.OPEN,
    "openapi.json": Who.OPEN,
    "healthz": Who.OPEN,
    "api/v1/ping": Who.OPEN,
    "api/v1/version": Who.OPEN,
    "api/v1/health": Who.OPEN,
    # The same for everybody, or something new; nothing of anybody.
    "": Who.ANYONE,
    "batches/sample/": Who.ANYONE,
    "templates/new/": Who.ANYONE,
    "templates/import/": Who.ANYONE,
    "clean-up/": Who.ANYONE,
    "docs": Who.ANYONE,
    "redoc": Who.ANYONE,
    "api/v1/convert/single": Who.ANYONE,
    "api/v1/convert/validate": Who.ANYONE,
    "api/v1/convert/batch": Who.ANYONE,
    "api/v1/jobs/batch": Who.ANYONE,
    "api/v1/upload": Who.ANYONE,
    "webhooks/secret/": Who.ANYONE,
    "logout/": Who.ANYONE,  # the last, for from then on one is somebody else
    # Lists: each sees their own.
    "batches/": Who.MINE,
    "templates/": Who.MINE,
    "keys/": Who.MINE,
    "webhooks/": Who.MINE,
    "imports/": Who.MINE,
    "search/": Who.MINE,
    "clean-up/<slug:kind>/": Who.MINE,
    "api/v1/jobs": Who.MINE,
    "api/v1/search": Who.MINE,
    "api/v1/templates": Who.MINE,
    "api/v1/webhooks/secret": Who.MINE,
    # A thing of somebody's.
    "batches/<uuid:pk>/": Who.OWNER,
    "batches/<uuid:pk>/progress/": Who.OWNER,
    "batches/<uuid:pk>/images/": Who.OWNER,
    "batches/<uuid:pk>/images/page/": Who.OWNER,
    "batches/<uuid:pk>/images/change/": Who.OWNER,
    "batches/<uuid:pk>/options/": Who.OWNER,
    "batches/<uuid:pk>/fields/": Who.OWNER,
    "batches/<uuid:pk>/check/": Who.OWNER,
    "batches/<uuid:pk>/check/trial/": Who.OWNER,
    "batches/<uuid:pk>/again/": Who.OWNER,
    "batches/<uuid:pk>/start/": Who.OWNER,
    "batches/<uuid:pk>/cancel/": Who.OWNER,
    "batches/<uuid:pk>/retry/": Who.OWNER,
    "batches/<uuid:pk>/go-on/": Who.OWNER,
    "batches/<uuid:pk>/resume/": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/values/": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/cells/": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/structure/": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/steps/": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/trail/": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/earlier/": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/same/": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/reviewed/": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/words/": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/hold/": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/retry/": Who.OWNER,
    "batches/<uuid:pk>/random-check/": Who.OWNER,
    "batches/<uuid:pk>/values/": Who.OWNER,
    "batches/<uuid:pk>/links/": Who.OWNER,
    "batches/<uuid:pk>/links/<int:link_pk>/end/": Who.OWNER,
    "batches/<uuid:pk>/delete/": Who.OWNER,
    "batches/<uuid:pk>/workbook.xlsx": Who.OWNER,
    "batches/<uuid:pk>/download/<str:what>": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/workbook.xlsx": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/picture": Who.OWNER,
    "batches/<uuid:pk>/images/<int:image_pk>/thumbnail": Who.OWNER,
    "batches/<uuid:pk>/webhooks/": Who.OWNER,
    "batches/<uuid:pk>/webhooks/send/": Who.OWNER,
    "batches/<uuid:pk>/webhooks/<int:delivery_pk>/send/": Who.OWNER,
    "imports/<uuid:pk>/": Who.OWNER,
    "imports/<uuid:pk>/progress/": Who.OWNER,
    "imports/<uuid:pk>/start/": Who.OWNER,
    "imports/<uuid:pk>/again/": Who.OWNER,
    "imports/<uuid:pk>/results.csv": Who.OWNER,
    "templates/<int:pk>/": Who.OWNER,
    "templates/<int:pk>/copy/": Who.OWNER,
    "templates/<int:pk>/delete/": Who.OWNER,
    "templates/<int:pk>/template.json": Who.OWNER,
    "keys/<int:pk>/revoke/": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/images": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/start": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/status": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/results": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/retry": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/cancel": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/events": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/resume": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/go-on": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/again": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/check": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/images/<int:image_id>": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/images/<int:image_id>/retry": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/images/<int:image_id>/values": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/images/<int:image_id>/tables": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/images/<int:image_id>/tables/<int:index>/cells": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/images/<int:image_id>/tables/<int:index>/structure": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/images/<int:image_id>/undo": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/doubts": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/webhooks": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/webhooks/send": Who.OWNER,
    "api/v1/jobs/<uuidstr:job_id>/webhooks/<int:delivery_id>/send": Who.OWNER,
    "api/v1/status/<uuidstr:request_id>": Who.OWNER,
    "api/v1/status/<uuidstr:request_id>/retry": Who.OWNER,
    "api/v1/status/<uuidstr:request_id>/output": Who.OWNER,
    "api/v1/ws/session/<session_id>": Who.OWNER,
    "api/v1/download/<file_id>": Who.OWNER,
    "api/v1/download/<file_id>/info": Who.OWNER,
    "api/v1/download/<file_id>/preview": Who.OWNER,
    "api/v1/templates/<int:template_id>": Who.OWNER,
    # What makes a guest of whoever opens it.
    "shared/<str:token>/": Who.LINK,
    # About the installation. All of the admin is for staff, too.
    "clean-up/files/": Who.STAFF,
    "health/": Who.STAFF,
    "api/v1/stats": Who.STAFF,
    "api/v1/metrics": Who.STAFF,
    # Where nothing is.
    "api/v1/": Who.NOBODY,
    "^api(?:/.*)?$": Who.NOBODY,
}

# What of a batch whoever has a link to it may open, and who may correct it.
GUESTS = "the owner, and guests"
REVIEWERS = "the owner, and guests who may correct"
SHARED: dict[str, str] = {
    "batches/<uuid:pk>/": GUESTS,
    "batches/<uuid:pk>/progress/": GUESTS,
    "batches/<uuid:pk>/images/<int:image_pk>/": GUESTS,
    "batches/<uuid:pk>/workbook.xlsx": GUESTS,
    "batches/<uuid:pk>/download/<str:what>": GUESTS,
    "batches/<uuid:pk>/images/<int:image_pk>/workbook.xlsx": GUESTS,
    "batches/<uuid:pk>/images/<int:image_pk>/picture": GUESTS,
    "batches/<uuid:pk>/images/<int:image_pk>/thumbnail": GUESTS,
    "batches/<uuid:pk>/images/<int:image_pk>/trail/": GUESTS,
    "batches/<uuid:pk>/images/<int:image_pk>/values/": REVIEWERS,
    "batches/<uuid:pk>/images/<int:image_pk>/cells/": REVIEWERS,
    "batches/<uuid:pk>/images/<int:image_pk>/structure/": REVIEWERS,
    "batches/<uuid:pk>/images/<int:image_pk>/steps/": REVIEWERS,
    "batches/<uuid:pk>/images/<int:image_pk>/same/": REVIEWERS,
    "batches/<uuid:pk>/images/<int:image_pk>/reviewed/": REVIEWERS,
    "batches/<uuid:pk>/images/<int:image_pk>/words/": REVIEWERS,
    "batches/<uuid:pk>/images/<int:image_pk>/hold/": REVIEWERS,
    "batches/<uuid:pk>/values/": REVIEWERS,
}

# What a call must bring to get as far as the question whose the thing is; all others get there
# with an empty form, and with nothing behind their address.
_VALUES = "api/v1/jobs/<uuidstr:job_id>/images/<int:image_id>/values"
_SAME = "batches/<uuid:pk>/images/<int:image_pk>/same/"
_TABLE = "api/v1/jobs/<uuidstr:job_id>/images/<int:image_id>/tables/<int:index>"
BODIES: dict[tuple[str, str], dict[str, object]] = {
    ("POST", "webhooks/secret/"): {"do": "replace"},
    ("POST", "clean-up/<slug:kind>/"): {"before": "2026-06-01T00:00:00+00:00"},
    ("POST", "batches/<uuid:pk>/images/<int:image_pk>/values/"): {"field": "Surname", "text": "x"},
    ("POST", "batches/<uuid:pk>/images/<int:image_pk>/cells/"): {
        "table": "0",
        "row": "0",
        "col": "0",
        "text": "x",
    },
    ("POST", "batches/<uuid:pk>/images/<int:image_pk>/structure/"): {
        "do": "insert_rows",
        "table": "0",
        "at": "0",
    },
    ("POST", "batches/<uuid:pk>/links/"): {"name": "x", "role": "viewer", "days": "0"},
    ("POST", _SAME): {"at": "0.0.0", "do": "all"},
    ("POST", "batches/<uuid:pk>/values/"): {"field": "Surname", "do": "undo"},
    ("PUT", "api/v1/templates/<int:template_id>"): {"name": "Mine now", "fields": [{"name": "x"}]},
    ("PUT", _VALUES): {"field": "Surname", "text": "x"},
    ("PATCH", f"{_TABLE}/cells"): {"cells": [{"row": 0, "col": 0, "text": "x"}]},
    ("POST", f"{_TABLE}/structure"): {"do": "insert_rows", "at": 0},
}
QUERIES: dict[str, str] = {
    _VALUES: "?field=Surname",
    _SAME: "?at=0.0.0",
    "search/": "?q=zq",  # how every mark of an estate begins
    "api/v1/search": "?q=zq",
}

# Known by their ids alone to callers that show neither cookie nor key: see decision 0047.
KNOWN_BY_ID = "api/v1/ws/session/<session_id>"

# Refused, although it is for everybody, to whoever is nobody yet.
NEED_SOMEBODY = {"api/v1/webhooks/secret"}

# Where staff sees what is everybody's, to clean up.
STAFF_SEES_ALL = "clean-up/<slug:kind>/"


def who_may(address: str) -> Who | None:
    """For whom an address is; None if nobody has said so."""
    if address not in RULES and is_of_admin(address):
        return Who.STAFF
    return RULES.get(address)


def addresses_for(*whom: Who) -> list[str]:
    return [address for address, who in RULES.items() if who in whom]
