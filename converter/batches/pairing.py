"""Front and back sides in a batch: which images are one card, before and after the start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import F

from converter.core.engines.protocol import Mode
from converter.core.fields.pairing import Pairing, pair
from converter.models import Batch, BatchImage

SHOWN: Final = 6  # pairs, and images without a partner, in a preview
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Preview:
    """How the images of a draft would be paired: the names of the first ones, and the counts."""

    pairs: list[tuple[str, str]]
    pair_count: int
    alone: list[str]
    alone_count: int

    @property
    def more_pairs(self) -> int:
        return self.pair_count - len(self.pairs)

    @property
    def more_alone(self) -> int:
        return self.alone_count - len(self.alone)

    @property
    def rows(self) -> int:
        return self.pair_count + self.alone_count


def preview(batch: Batch) -> Preview | None:
    """By the draft's way of pairing; None if each image is a card of its own."""
    if batch.mode != Mode.FIELDS or batch.pairing == Pairing.NONE or not batch.total:
        return None
    images = batch.images.kept().order_by("position").values_list("name", "page")
    names = [f"{name}, page {page}" if page else name for name, page in images]
    cards = pair([name for name, _ in images], Pairing(batch.pairing))
    pairs = [(names[card.front], names[card.back]) for card in cards if card.back is not None]
    alone = [names[card.front] for card in cards if card.back is None]
    return Preview(pairs[:SHOWN], len(pairs), alone[:SHOWN], len(alone))


def freeze(batch: Batch) -> None:
    """Number the cards of a batch whose images have their final positions. With its lock held."""
    batch.cards = None
    if batch.mode != Mode.FIELDS:
        return
    if batch.pairing == Pairing.NONE:
        batch.images.update(card=F("position"), is_back=False)
        batch.cards = batch.total
        return
    images = list(batch.images.order_by("position").only("pk", "name"))
    cards = pair([image.name for image in images], Pairing(batch.pairing))
    for number, card in enumerate(cards):
        images[card.front].card, images[card.front].is_back = number, False
        if card.back is not None:
            images[card.back].card, images[card.back].is_back = number, True
    BatchImage.objects.bulk_update(images, ["card", "is_back"], batch_size=_CHUNK)
    batch.cards = len(cards)
