"""One field of many cards: the cut-outs of its values, accepted at a glance or put right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from converter.accounts import access
from converter.accounts.sharing import for_reviewers
from converter.batches.lifecycle import BatchError
from converter.core.fields.specification import FieldSpec
from converter.core.fields.values import FieldValue
from converter.fields import groups, templates
from converter.fields.cards import CardRow
from converter.fields.corrections import NoSuchField
from converter.fields.editor import zone_typed
from converter.fields.groups import Group, Told
from converter.models import Batch, ImageState
from converter.views import answers
from converter.views.card_rows import why
from converter.views.cutouts import Cutout, plate_of
from converter.views.readings import Plate, around


@for_reviewers
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def values_of_field(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`field` names it; `show` is all, from card number `from` on, or what is in doubt; `zone` is
    where on every card it stands, and then what stands there is shown. `do` is
    all, `one PK`, changed (those that say something else than they did) or undo; the texts are
    `text-PK` and `was-PK` of each card's front."""
    batch = access.batch_for(request, pk)
    if batch.cards is None:
        raise Http404("This batch has no fields.")
    try:
        if request.method == "POST":
            return _act(request, batch)
        return render(request, "fields/group.html", _context(request, batch))
    except NoSuchField as error:
        raise Http404(error.message) from error


def _act(request: HttpRequest, batch: Batch) -> HttpResponse:
    do, _, chosen = request.POST.get("do", "").partition(" ")
    try:
        if do == "undo":
            count, asked_for = groups.undo(batch), 0
        else:
            told = _told(request, chosen)
            if do not in ("all", "one"):
                told = [one for one in told if one.text.split() != one.was.split()]
            field, owner = request.POST.get("field", ""), access.author_of(request, batch)
            count, asked_for = groups.settle(batch, field, told, owner), len(told)
            zone = zone_typed(request.POST.get("zone", ""))
            if zone and not batch.link:  # templates are the owner's
                templates.save_zone(owner, batch.fields, field, zone)
    except NoSuchField:
        raise
    except BatchError as error:
        return answers.refusal(request, batch, error)
    if request.htmx and do == "one":  # type: ignore[attr-defined]
        context = {"batch": batch, "done": chosen, "is_done": count > 0}
        return render(request, "fields/_settled.html", context)
    if count or asked_for:
        _say(request, count, asked_for)
    asked = {name: request.POST.get(name, "") for name in ("field", "show", "from")}
    query = urlencode({name: value for name, value in asked.items() if value})
    url = f"{reverse('batch-values', args=[batch.pk])}?{query}"
    return redirect(url)


def _say(request: HttpRequest, count: int, asked_for: int) -> None:
    values = "1 value" if count == 1 else f"{count} values"
    if not asked_for:
        messages.success(request, f"{values} taken back.")
    elif count == asked_for:
        messages.success(request, f"{values} accepted.")
    else:
        others = f"{asked_for - count} changed since you saw them and are left as they are."
        messages.warning(request, f"{values} accepted; {others}")


def _told(request: HttpRequest, chosen: str) -> list[Told]:
    """What the form says of the card whose front is `chosen`, or of all that are shown."""
    fronts = [chosen] if chosen else request.POST.getlist("front")[: groups.MOST]
    return [
        Told(int(front), _text(request, f"text-{front}"), _text(request, f"was-{front}"))
        for front in fronts
        if front.isdecimal() and len(front) < 19
    ]


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "")


def _context(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    field, first = request.GET.get("field", ""), request.GET.get("from", "")
    shows_all = request.GET.get("show") == "all"
    in_doubt = groups.doubtful(batch, field)
    group = in_doubt
    number = int(first) if first.isdecimal() and len(first) < 10 else 0
    if zone := zone_typed(request.GET.get("zone", "")):
        group = groups.in_zone(batch, in_doubt.spec.name, zone, number)
        shows_all = False
    elif shows_all:
        group = groups.every(batch, in_doubt.spec.name, number)
    return {
        "batch": batch,
        "group": group,
        "fields": list(in_doubt.doubtful.items()),
        "doubtful": in_doubt.doubtful[group.spec.name],
        "shows_all": shows_all,
        "first": first,
        "zone": " ".join(map(str, zone)),
        "pieces": _pieces(group),
        "may_undo": groups.may_undo(batch),
    }


def _pieces(group: Group) -> list[tuple[FieldValue, Cutout]]:
    return [(value, _cutout(row, value, group.spec)) for row, value in group.values]


def _cutout(row: CardRow, value: FieldValue, spec: FieldSpec) -> Cutout:
    side = groups.side_of(row, value)
    was_read = side.state == ImageState.DONE
    plate = plate_of(side) if was_read else Plate(side.width, side.height, side.turn)
    mark = around(value.box)
    [now] = [one for one in row.values([spec]) if one.name == value.name]
    text, was = value.text or "", now.text or ""
    return Cutout(str(row.front.pk), side, plate, mark, text, row.name, why=why(value), was=was)
