"""Forms: what a person may send, made plain before a verb sees it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

NAME_LENGTH: Final = 120
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
    """More files for a draft."""

    files = FilesField()  # type: ignore[assignment]  # Django moves it away from `Form.files`


class BatchForm(FilesForm):
    """A new batch. Without a name it is called after its first file, or after the day."""

    name = LineField(required=False, max_length=NAME_LENGTH)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("files") and "name" in cleaned:
            cleaned["name"] = cleaned["name"] or default_name(cleaned["files"])
        return cleaned


def default_name(files: Sequence[UploadedFile[Any]]) -> str:
    stem = one_line(PurePath(files[0].name or "").stem)[:NAME_LENGTH].strip(" .")
    today = timezone.localdate()
    return stem or f"Batch of {today.day} {today:%B %Y}"


def one_line(text: str) -> str:
    spaced = (" " if unicodedata.category(c) in _UNPRINTABLE else c for c in text)
    return " ".join("".join(spaced).split())
