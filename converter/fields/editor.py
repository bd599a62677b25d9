"""The field editor: the rows of its form, and the fields that they define.

A row keeps what was typed, even if it is wrong, with each error beside its input. A button of the
editor is a step that changes the rows; a script does the same without a request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from django.http import QueryDict

from converter.core.errors import TemplateError
from converter.core.fields.specification import FieldType, Zone, parse_fields, zone_parsed
from converter.util.text_input import lines, one_line

MOST_FIELDS: Final = 200
_LONGEST: Final = 2_000  # characters of anything that is typed
_SENT: Final = "fields_sent"
_UNSET: Final = "__row__"  # the key of the empty row that a script copies

TYPES: Final[Mapping[FieldType, str]] = {
    FieldType.TEXT: "Text",
    FieldType.NUMBER: "Number",
    FieldType.DATE: "Date",
    FieldType.YES_NO: "Yes or no",
    FieldType.CHOICE: "Choice from a list",
    FieldType.MULTILINE: "Several lines",
}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field as typed: `labels` and `values` have one entry per line."""

    key: str
    name: str = ""
    type: str = FieldType.TEXT
    description: str = ""
    labels: str = ""
    pattern: str = ""
    values: str = ""
    required: bool = False
    active: bool = True
    zone: str = ""  # as it was stored; people draw it on a card
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        typed = (self.name, self.description, self.labels, self.pattern, self.values)
        return not any(typed)

    @property
    def has_more(self) -> bool:
        """Whether an input that is folded away is filled, or has an error."""
        return bool(self.labels or self.pattern or self.values or self.errors.keys() - {"name"})

    def as_field(self) -> dict[str, Any]:
        """In the JSON form of templates; defaults are left out."""
        options: dict[str, Any] = {
            "type": self.type if self.type != FieldType.TEXT else "",
            "description": self.description,
            "labels": lines(self.labels),
            "required": self.required,
            "pattern": self.pattern,
            "values": lines(self.values),
            "zone": list(zone_typed(self.zone)),
        }
        spec: dict[str, Any] = {"name": self.name}
        spec |= {key: value for key, value in options.items() if value}
        return spec if self.active else spec | {"active": False}


@dataclass
class FieldEditor:
    """The rows of an editor, in order."""

    rows: list[FieldRow]

    @classmethod
    def of(cls, fields: Sequence[Mapping[str, Any]]) -> Self:
        """The editor of fields that are stored."""
        return cls(
            [
                FieldRow(
                    key=f"r{number}",
                    name=str(item.get("name", "")),
                    type=str(item.get("type", FieldType.TEXT)),
                    description=str(item.get("description", "")),
                    labels="\n".join(item.get("labels", ())),
                    pattern=str(item.get("pattern", "")),
                    values="\n".join(item.get("values", ())),
                    required=bool(item.get("required", False)),
                    active=bool(item.get("active", True)),
                    zone=" ".join(str(edge) for edge in item.get("zone", ())),
                )
                for number, item in enumerate(fields)
            ]
        )

    @classmethod
    def sent(cls, data: Mapping[str, Any] | None) -> Self | None:
        """The editor in the data of a form; None if there is none."""
        if not isinstance(data, QueryDict) or _SENT not in data:
            return None
        keys = dict.fromkeys(data.getlist("row")[:MOST_FIELDS])
        return cls([_row_sent(data, key) for key in keys if key != _UNSET])

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The fields of the rows that are not empty."""
        return [row.as_field() for row in self.rows if not row.is_empty]

    @property
    def errors(self) -> list[str]:
        """One sentence for each error, which names the field."""
        return [
            f"{row.name or f'Field {number}'}: {message}"
            for number, row in enumerate(self.rows, 1)
            for message in row.errors.values()
        ]

    @property
    def types(self) -> list[tuple[str, str]]:
        return [(kind.value, label) for kind, label in TYPES.items()]

    @property
    def empty_row(self) -> FieldRow:
        return FieldRow(_UNSET)

    @property
    def active(self) -> int:
        return sum(row.active and not row.is_empty for row in self.rows)

    def is_valid(self) -> bool:
        """Check all rows and store the errors in them."""
        names = [row.name.casefold() for row in self.rows]
        self.rows = [
            row if row.is_empty else replace(row, errors=_errors(row, names.count(name) > 1))
            for row, name in zip(self.rows, names, strict=True)
        ]
        return not any(row.errors for row in self.rows)

    def apply(self, step: str, names: str = "") -> None:
        """Do the step of a button: `add`, `names`, or `up`, `down`, `off` and the key of a row."""
        verb, _, key = step.partition(" ")
        at = next((n for n, row in enumerate(self.rows) if row.key == key), None)
        if verb == "add":
            self._append(FieldRow(self._new_key()))
        elif verb == "names":
            for name in lines(names):
                self._append(FieldRow(self._new_key(), name=name))
        elif at is not None and verb == "off":
            del self.rows[at]
        elif at is not None and verb in {"up", "down"}:
            row = self.rows.pop(at)
            self.rows.insert(max(0, at + (1 if verb == "down" else -1)), row)

    def _append(self, row: FieldRow) -> None:
        if len(self.rows) < MOST_FIELDS:
            self.rows.append(row)

    def _new_key(self) -> str:
        taken = {row.key for row in self.rows}
        return next(key for n in range(len(taken) + 1) if (key := f"r{n}") not in taken)


def _row_sent(data: QueryDict, key: str) -> FieldRow:
    def typed(part: str) -> str:
        return data.get(f"{key}-{part}", "")[:_LONGEST]

    return FieldRow(
        key=key,
        name=one_line(typed("name")),
        type=typed("type") or FieldType.TEXT,
        description=one_line(typed("description")),
        labels="\n".join(lines(typed("labels"))),
        pattern=typed("pattern").strip(),
        values="\n".join(lines(typed("values"))),
        required=f"{key}-required" in data,
        active=f"{key}-active" in data,
        zone=typed("zone"),
    )


def zone_typed(typed: str) -> Zone:
    """The zone that a form has; none where it is not one."""
    try:
        return zone_parsed(typed.split(), "")
    except TemplateError:
        return ()


def _errors(row: FieldRow, is_double: bool) -> dict[str, str]:
    if not row.name:
        return {"name": "Give this field a name, or remove it."}
    if is_double:
        return {"name": "Another field has this name; give each its own."}
    if row.type == FieldType.CHOICE and not row.values:
        return {"allowed": "List what may be chosen, one value a line."}
    message = _complaint(row)
    if not message:
        return {}
    # It is shown beside the input without which there would be no error.
    without = {"pattern": replace(row, pattern=""), "allowed": replace(row, values="")}
    place = next((name for name, rest in without.items() if not _complaint(rest)), "name")
    return {place: message}


def _complaint(row: FieldRow) -> str:
    try:
        parse_fields([replace(row, active=True).as_field()])
    except TemplateError as error:
        return error.message
    return ""
