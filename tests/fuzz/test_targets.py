"""Each target takes its seeds, whole and cut, and what is nested deeply."""

from __future__ import annotations

import pytest

from tests.fuzz.targets import TARGETS, seeds_of

CUTS = 40  # of each seed
ODD = (
    b"",
    bytes(99),
    b"\xff\xfe\xff",
    "\ud800".encode(errors="surrogatepass"),
    (100_000).to_bytes(4, "big") + bytes(8) + b"[" * 100_000,  # a message of a decoder
    b"[" * 100_000,
    b'{"fields":' * 50_000,
    b'{"fields":[{"name":"A","type":' + b"[" * 50_000,
)


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_reads_its_seeds_and_refuses_the_rest(name: str) -> None:
    target = TARGETS[name]
    for seed in seeds_of(target):
        for cut in range(0, len(seed), max(1, len(seed) // CUTS)):
            target.parse(seed[:cut])
        target.parse(seed)
    for odd in ODD:
        target.parse(odd)
