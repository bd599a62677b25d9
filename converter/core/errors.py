"""Errors, each with a code: one class per kind of cause that callers treat differently.

Codes are listed in `docs/errors.md`; a test holds the list to `CODES`.
"""

from __future__ import annotations

from typing import Final

CODES: Final = frozenset(
    {
        # a file that is refused on its way in
        "empty_file",
        "file_too_large",
        "unsupported_type",
        "damaged_image",
        "damaged_pdf",
        "encrypted_pdf",
        "too_many_pages",
        "too_many_pixels",
        "too_small",
        "too_complex",
        "batch_full",
        "file_missing",
        "storage_failed",
        "disk_full",
        "quota_reached",
        # a batch that can't do what was asked
        "batch_closed",
        "batch_empty",
        "batch_copying",
        "batch_not_settled",
        "fields_missing",
        "nothing_cancelled",
        "nothing_to_check",
        "nothing_corrected",
        "nothing_failed",
        "image_not_read",
        "no_such_field",
        "not_paused",
        # a correction that was not made
        "cell_changed",
        "edit_refused",
        "no_such_cell",
        "nothing_to_redo",
        "nothing_to_undo",
        "reserved",
        # an image that could not be read
        "engine_failed",
        "engine_unavailable",
        "timed_out",
        "answer_truncated",
        "answer_repeats",
        "answer_unreadable",
        "answer_empty",
        "bad_key",
        "no_credit",
        "no_such_model",
        "picture_refused",
        "picture_too_large",
        "request_refused",
        "rate_limited",
        "daily_limit",
        "server_failed",
        "server_unreachable",
        "no_fields",
        "worker_died",
        "unexpected",
        # somebody else's server that is not asked, or does not answer as it should
        "bad_address",
        "port_refused",
        "address_not_public",
        "host_unknown",
        "host_unreachable",
        "bad_certificate",
        "answer_too_slow",
        "answer_too_large",
        "answer_not_picture",
        "too_many_redirects",
        "http_status",
        # a webhook that is not sent
        "delivery_waits",
        "nothing_to_send",
        "receiver_gone",
        # a call of the API that was not done
        "bad_base64",
        "bad_request",
        "cannot_serve",
        "cross_site",
        "invalid_request",
        "key_refused",
        "idempotency_key_reused",
        "login_required",
        "method_not_allowed",
        "no_file",
        "no_such_format",
        "nothing_read",
        "part_of_job",
        "not_found",
        "request_too_large",
        "too_many_files",
        "socket_expected",
        "still_under_way",
        "too_many_requests",
        "unsupported_media_type",
        # a list of pictures on the web, or a row of it, that cannot be used
        "import_disabled",
        "batch_importing",
        "csv_not_text",
        "csv_no_rows",
        "csv_no_addresses",
        "csv_too_large",
        "row_no_address",
        "row_quote_open",
        "row_ragged",
        "row_unreadable",
        # a field template that is not one
        "bad_template",
        "name_taken",
    }
)


class TablexlError(Exception):
    """A failure with a `code` for programs and a `message` that tells people what to do."""

    def __init__(self, code: str, message: str) -> None:
        if code not in CODES:
            raise ValueError(f"unknown error code {code!r}")
        super().__init__(message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def unexpected(then: str = "Try again later.") -> TablexlError:
    """What a person is shown of a defect of ours, once it is in the log. `then` is what happens, or
    what to do, next."""
    message = f"Something went wrong in Tablexl itself; the log has it. {then}"
    return TablexlError("unexpected", message.rstrip())


class ImageError(TablexlError):
    """A file that cannot be read as an image. Trying again won't help."""


class TemplateError(TablexlError):
    """A field template that cannot be used."""

    def __init__(self, message: str) -> None:
        super().__init__("bad_template", message)


class EditError(TablexlError):
    """An edit that the tables of an image do not allow."""

    def __init__(self, message: str, code: str = "edit_refused") -> None:
        super().__init__(code, message)


class EngineError(TablexlError):
    """An engine could not read an image. `permanent`: trying again won't help.

    `raw` is the model's answer, if that could not be parsed. `concerns_all`: other images will fail
    too, because the key is wrong or the server is down. `cost` (US dollars) and `tokens` are those
    of answers that could not be used.
    """

    concerns_all: bool = False
    cost: float = 0.0
    tokens: int = 0

    def __init__(self, code: str, message: str, *, permanent: bool, raw: str = "") -> None:
        super().__init__(code, message)
        self.permanent = permanent
        self.raw = raw
