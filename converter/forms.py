"""Forms: what a person may send, made plain before a verb sees it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone

from converter.core.engines.protocol import Mode
from converter.core.errors import TemplateError
from converter.core.fields.specification import parse_fields, parse_template
from converter.models import Batch, Priority
from converter.positions import LAST_PLACE
from converter.readers import asks_server, choices

NAME_LENGTH: Final = 120
_MOST_CHOSEN: Final = 500  # images in one change: several pages of them
_UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})  # Unicode general categories


class LineField(forms.CharField):
    """One line of text: control characters and line breaks become spaces."""

    def to_python(self, value: Any) -> str:
        return super().to_python(one_line(value or "")) or ""


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, at least one. Each is judged by intake, so one cannot spoil the rest."""

    widget = FilesInput
    default_error_messages = {"required": "Choose at least one picture first."}

    def clean(self, data: Any, initial: Any = None) -> Sequence[UploadedFile[Any]]:  # noqa: ARG002
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(data)


class FilesForm(forms.Form):
    """More files for a draft; or one, with its sender's word for it and its place among others."""

    files = FilesField()  # type: ignore[assignment]  # Django moves it away from `Form.files`
    upload = forms.RegexField(r"^[0-9a-zA-Z-]+$", required=False, max_length=36)
    place = forms.IntegerField(required=False, min_value=0, max_value=LAST_PLACE)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("upload") and len(cleaned.get("files", [])) > 1:
            raise forms.ValidationError("An upload has one file.")
        return cleaned


class DraftForm(forms.Form):
    """A new draft whose files will follow, called after the first of them."""

    first = forms.CharField()


class BatchForm(FilesForm):
    """A new batch. Without a name it is called after its first file, or after the day."""

    name = LineField(required=False, max_length=NAME_LENGTH)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("files") and "name" in cleaned:
            cleaned["name"] = cleaned["name"] or default_name(cleaned["files"][0].name or "")
        return cleaned


class OptionsForm(forms.Form):
    """How a draft is to be read. What is not sent stays as it is."""

    name = LineField(max_length=NAME_LENGTH)
    mode = forms.ChoiceField(choices=[(mode.value, mode.value.title()) for mode in Mode])
    fields_text = forms.CharField(required=False, max_length=100_000, label="Fields")
    engine = forms.ChoiceField(choices=choices)
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int)
    reread = forms.BooleanField(required=False)

    def __init__(self, data: Mapping[str, Any] | None, batch: Batch) -> None:
        """Without data, as the batch is."""
        self.known: list[dict[str, Any]] = batch.fields
        self.asks_server = asks_server()
        super().__init__(data, initial=_options_of(batch))

    def clean_fields_text(self) -> list[dict[str, Any]]:
        try:
            return fields_of(self.cleaned_data["fields_text"], self.known)
        except TemplateError as error:
            raise forms.ValidationError(error.message) from error

    def options(self) -> dict[str, Any]:
        """What `drafts.configure` and `batches.start` take."""
        cleaned = self.cleaned_data
        kept = {name: cleaned[name] for name in ("name", "mode", "engine", "priority")}
        return kept | {"fields": cleaned["fields_text"], "reuse": not cleaned["reread"]}


class ChangeForm(forms.Form):
    """A change of a draft's images: `do` says what, and perhaps an image; others are checked."""

    do = forms.RegexField(r"^[a-z]+( [0-9]{1,18})?$", strip=False)
    number = forms.IntegerField(required=False, min_value=1, max_value=2**31)

    @property
    def verb(self) -> str:
        return str(self.cleaned_data["do"].partition(" ")[0])

    @property
    def chosen(self) -> list[int]:
        """By id. What is dragged is put before the image that `do` names."""
        one = self.cleaned_data["do"].partition(" ")[2]
        checked = [int(pk) for pk in self._checked() if is_id(pk)]
        if self.verb == "number" and not self.cleaned_data["number"]:
            return []
        return [int(one)] if one and self.verb != "before" else checked

    @property
    def amount(self) -> int:
        """How many steps, to which number, or before which image."""
        if self.verb == "before":
            return int(self.cleaned_data["do"].partition(" ")[2] or 0)
        return self.cleaned_data["number"] or 1

    @property
    def start(self) -> str:
        """The position that the shown page starts at."""
        start = str(self.data.get("from", ""))
        return start if is_id(start) else ""

    def _checked(self) -> list[str]:
        assert isinstance(self.data, QueryDict)  # noqa: S101
        return self.data.getlist("image")[:_MOST_CHOSEN]


def is_id(text: str) -> bool:
    """Could this be the id of a row? SQLite fails for numbers that do not fit into a column."""
    return text.isascii() and text.isdigit() and len(text) < 19


def fields_of(text: str, known: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """The fields that a person names, one a line, or a template as JSON. Raises TemplateError.

    What is known of a field of that name, such as its labels, stays.
    """
    if text.lstrip().startswith("{"):
        parse_template(text)
        return list(json.loads(text)["fields"])
    as_known = {field["name"]: dict(field) for field in known}
    names = filter(None, map(one_line, text.splitlines()))
    fields = [as_known.get(name, {"name": name}) for name in names]
    if fields:
        parse_fields(fields)
    return fields


def _options_of(batch: Batch) -> dict[str, Any]:
    values = {name: getattr(batch, name) for name in ("name", "mode", "engine", "priority")}
    names = "\n".join(field["name"] for field in batch.fields)
    return values | {"fields_text": names, "reread": not batch.reuse}


def default_name(first: str) -> str:
    """What a batch is called after its first file."""
    stem = one_line(PurePath(first).stem)[:NAME_LENGTH].strip(" .")
    today = timezone.localdate()
    return stem or f"Batch of {today.day} {today:%B %Y}"


def one_line(text: str) -> str:
    spaced = (" " if unicodedata.category(c) in _UNPRINTABLE else c for c in text)
    return " ".join("".join(spaced).split())
