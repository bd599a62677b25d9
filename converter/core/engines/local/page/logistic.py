"""Logistic models: how likely something is, by signs that were weighed on true cases."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import Generic, NamedTuple, TypeVar

Signs = TypeVar("Signs", bound=Sequence[float])


class Logistic(NamedTuple, Generic[Signs]):
    """A bias, and a weight for each sign."""

    bias: float
    weights: Signs

    def log_odds(self, signs: Signs) -> float:
        return self.bias + sum(
            weight * sign for weight, sign in zip(self.weights, signs, strict=True)
        )

    def chance(self, signs: Signs) -> float:
        """0..1."""
        return 1 / (1 + exp(-self.log_odds(signs)))
