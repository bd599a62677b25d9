"""What an image costs is the mean of what it cost here lately."""

from __future__ import annotations

import pytest

from converter.batches import claims, lifecycle, progress
from converter.core.engines.protocol import Reading
from converter.models import Batch

pytestmark = pytest.mark.django_db
MODEL = "test/vision-1"


@pytest.fixture(autouse=True)
def _api(settings) -> None:
    settings.OLMOCR_API_KEY, settings.OLMOCR_MODEL = "sk-1", MODEL


def read(make_batch, *costs: float | None, model: str = MODEL, mode: str = "tables") -> None:
    fields = [{"name": "Total"}]
    batch = make_batch(len(costs), engine="remote", mode=mode, fields=fields)
    lifecycle.start(batch)
    for cost in costs:
        claims.finish(
            claims.claim_next(batch), "remote", Reading("m", asked=model, cost=cost, tokens_in=9)
        )


def test_nothing_is_known_before_anything_was_measured(make_batch):
    assert progress.cost_per_image(make_batch(1)) is None


def test_it_is_the_mean_of_those_with_a_price(make_batch):
    read(make_batch, 0.002, 0.004, None)
    assert progress.cost_per_image(make_batch(1)) == pytest.approx(0.003)


def test_another_model_or_mode_says_nothing(make_batch):
    read(make_batch, 0.9, model="other")
    read(make_batch, 0.5, mode="fields")
    assert progress.cost_per_image(make_batch(1)) is None
    assert progress.cost_per_image(make_batch(1, mode="fields")) == 0.5


def test_what_was_long_ago_does_not_count(make_batch, monkeypatch):
    read(make_batch, 0.9, 0.1)
    monkeypatch.setattr(progress, "COSTS", 1)
    assert progress.cost_per_image(make_batch(1)) == 0.1
    read(make_batch, None, None)
    monkeypatch.setattr(progress, "COSTS_AMONG", 2)
    assert progress.cost_per_image(make_batch(1)) is None


@pytest.mark.parametrize(("engine", "free"), [("auto", False), ("remote", False), ("local", True)])
def test_what_is_read_here_is_free(engine, free, settings):
    assert progress.is_free(Batch(engine=engine)) is free
    settings.OLMOCR_API_KEY = ""
    assert progress.is_free(Batch(engine="auto"))
