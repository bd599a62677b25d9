"""Forms: what a person may send, cleaned before a verb gets it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final, Self

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone

from converter.batches.ordering import LAST_PLACE
from converter.config.options import asks_server, choices
from converter.core.engines.protocol import Mode
from converter.core.fields.pairing import Pairing
from converter.core.outbound.errors import OutboundError
from converter.fields.editor import FieldEditor
from converter.models import (
    NAME_LENGTH,
    URL_LENGTH,
    Batch,
    Consolidation,
    FieldTemplate,
    Priority,
    ShareRole,
)
from converter.util.text_input import one_line
from converter.webhooks import sender

PAIRINGS: Final = (
    (Pairing.NONE.value, "Each picture is a card of its own"),
    (Pairing.ALTERNATING.value, "Front and back take turns"),
    (Pairing.NAMES.value, "By their names: _a and _b, -1 and -2, recto and verso"),
)
ARRANGEMENTS: Final = (
    (Consolidation.SEPARATE_SHEETS.value, "One sheet per table"),
    (Consolidation.SINGLE_SHEET.value, "All tables on one sheet"),
    (Consolidation.MERGE_SAME_COLUMNS.value, "Tables with the same columns joined"),
)
_KEPT: Final = (
    "name", "mode", "engine", "priority", "pairing", "consolidation",
    "webhook_url", "webhook_per_image",
)  # fmt: skip
_MOST_CHOSEN: Final = 500  # images in one change: several pages of them


class LineField(forms.CharField):
    """One line of text: control characters and line breaks become spaces."""

    def to_python(self, value: Any) -> str:
        return super().to_python(one_line(value or "")) or ""


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files. Each is checked by intake, so one cannot spoil the rest."""

    widget = FilesInput
    default_error_messages = {"required": "Choose at least one picture first."}

    def clean(self, data: Any, initial: Any = None) -> Sequence[UploadedFile[Any]]:  # noqa: ARG002
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(data)


class FilesForm(forms.Form):
    """More files for a draft; or one, with its sender's id for it and its place among others."""

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


class WebhookField(LineField):
    """The address of a webhook, or nothing; one that will never be asked is refused at once."""

    def clean(self, value: Any) -> str:
        address: str = super().clean(value)
        try:
            if address:
                sender.check_address(address)
        except OutboundError as error:
            raise forms.ValidationError(error.message, code=error.code) from error
        return address


class OptionsForm(forms.Form):
    """How to read a draft. An option that is not sent stays as it is."""

    name = LineField(max_length=NAME_LENGTH)
    mode = forms.ChoiceField(choices=[(mode.value, mode.value.title()) for mode in Mode])
    engine = forms.ChoiceField(choices=choices)
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int)
    reread = forms.BooleanField(required=False)
    pairing = forms.ChoiceField(choices=PAIRINGS, required=False)
    consolidation = forms.ChoiceField(choices=ARRANGEMENTS, required=False)
    webhook_url = WebhookField(required=False, max_length=URL_LENGTH, label="Webhook")
    webhook_per_image = forms.BooleanField(required=False)

    def __init__(self, data: Mapping[str, Any] | None, batch: Batch) -> None:
        """Without data, as the batch is."""
        self.known: list[dict[str, Any]] = batch.fields
        sent = FieldEditor.sent(data)
        self.editor_was_sent = sent is not None
        self.editor = sent or FieldEditor.of(batch.fields)
        self.asks_server = asks_server()
        initial = {name: getattr(batch, name) for name in _KEPT}
        super().__init__(data, initial=initial | {"reread": not batch.reuse})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("mode") == Mode.FIELDS and not self.editor.is_valid():
            raise forms.ValidationError(self.editor.errors)
        return cleaned

    def options(self, origin: str) -> dict[str, Any]:
        """What `drafts.configure` and `batches.start` take, from a page below that address."""
        cleaned = self.cleaned_data
        kept = {name: cleaned[name] for name in ("name", "mode", "engine", "priority")}
        kept |= {name: cleaned[name] for name in ("pairing", "consolidation") if cleaned[name]}
        if "webhook_url" in self.data:
            webhook = {name: cleaned[name] for name in ("webhook_url", "webhook_per_image")}
            kept |= webhook | {"reached_at": origin}
        fields = self.editor.fields if self.editor.is_valid() else self.known
        return kept | {"fields": fields, "reuse": not cleaned["reread"]}


class ImportFileForm(forms.Form):
    """A list of pictures on the web; its content, even none, is checked by `manifests`."""

    file = forms.FileField(
        allow_empty_file=True,
        max_length=1000,
        error_messages={"required": "Choose a CSV file first."},
    )


class ImportForm(forms.Form):
    """How the pictures of a list are to be read."""

    name = LineField(max_length=NAME_LENGTH)
    mode = forms.ChoiceField(choices=[(mode.value, mode.value.title()) for mode in Mode])
    engine = forms.ChoiceField(choices=choices)
    template = forms.TypedChoiceField(choices=(), coerce=int, empty_value=None, required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, batch: Batch, templates: Iterable[FieldTemplate]
    ) -> None:
        """Without data, as the batch is."""
        self.templates = {template.pk: template for template in templates}
        self.asks_server = asks_server()
        values = {name: getattr(batch, name) for name in ("name", "mode", "engine")}
        super().__init__(data, initial=values)
        named = [(template.pk, template.name) for template in self.templates.values()]
        self.fields["template"].choices = [("", "Choose a template"), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        wants_fields = cleaned.get("mode") == Mode.FIELDS
        if wants_fields and not cleaned.get("template") and "template" not in self.errors:
            self.add_error("template", "Choose the template that names the fields to read.")
        return cleaned

    def options(self) -> dict[str, Any]:
        """What `drafts.configure` takes."""
        kept = {name: self.cleaned_data[name] for name in ("name", "mode", "engine")}
        template = self.templates.get(self.cleaned_data["template"])
        return kept | ({"fields": template.fields} if template else {})


class ApiKeyForm(forms.Form):
    """A new API key; `days` is after how many it expires, 0 for never."""

    name = LineField(max_length=80, error_messages={"required": "Say what the key is for."})
    days = forms.TypedChoiceField(
        choices=[(0, "never"), (30, "in 30 days"), (90, "in 90 days"), (365, "in a year")],
        coerce=int,
        initial=0,
    )


class ShareLinkForm(forms.Form):
    """A new link to a batch; `days` is after how many it expires, 0 for never."""

    name = LineField(max_length=80, error_messages={"required": "Say whom the link is for."})
    role = forms.ChoiceField(choices=ShareRole.choices, initial=ShareRole.VIEWER)
    days = forms.TypedChoiceField(
        choices=[(7, "in 7 days"), (30, "in 30 days"), (90, "in 90 days"), (0, "never")],
        coerce=int,
        initial=30,
    )


class ChangeForm(forms.Form):
    """A change of a draft's images: `do` says what, and perhaps an image; others are checked."""

    do = forms.RegexField(r"^[a-z]+( [0-9]{1,18})?$", strip=False)
    number = forms.IntegerField(required=False, min_value=1, max_value=2**31)

    @property
    def verb(self) -> str:
        return str(self.cleaned_data["do"].partition(" ")[0])

    @property
    def chosen(self) -> list[int]:
        """Their ids. Dragged images are put before the one that `do` names."""
        one = self.cleaned_data["do"].partition(" ")[2]
        assert isinstance(self.data, QueryDict)  # noqa: S101
        sent = self.data.getlist("image")[:_MOST_CHOSEN]
        checked = [int(pk) for pk in sent if is_id(pk)]
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


def is_id(text: str) -> bool:
    """Could this be the id of a row? SQLite fails for numbers that do not fit into a column."""
    return text.isascii() and text.isdigit() and len(text) < 19


def default_name(first: str) -> str:
    """The name of a batch after its first file."""
    stem = one_line(PurePath(first).stem)[:NAME_LENGTH].strip(" .")
    today = timezone.localdate()
    return stem or f"Batch of {today.day} {today:%B %Y}"


class TemplateForm(forms.Form):
    """A field template: its name, and the rows of its editor."""

    name = LineField(
        max_length=NAME_LENGTH, error_messages={"required": "Give this template a name."}
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        name: str = "",
        fields: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.editor = FieldEditor.sent(data) or FieldEditor.of(fields)
        super().__init__(data, initial={"name": name})

    @classmethod
    def named(cls, data: QueryDict, name: str) -> Self:
        """The fields that a form of something else sends, under a name for them."""
        renamed = data.copy()
        renamed["name"] = name
        return cls(renamed)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.editor.is_valid():
            raise forms.ValidationError("Something is missing in the fields; see below.")
        if not self.editor.active:
            raise forms.ValidationError("At least one field must be there and be active.")
        return cleaned


class TemplateFileForm(forms.Form):
    """A template in its JSON form, as a file or pasted."""

    file = forms.FileField(required=False)
    text = forms.CharField(required=False, max_length=200_000)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        if file and file.size > 200_000:
            raise forms.ValidationError("This file is too large to be a template.")
        cleaned["source"] = file.read() if file else cleaned.get("text", "")
        if not cleaned["source"] and not self.errors:
            raise forms.ValidationError("Choose a file, or paste the text of one.")
        return cleaned
