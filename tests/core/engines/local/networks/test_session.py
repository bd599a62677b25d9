from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.networks.model_files import DETECTOR, read_model
from converter.core.engines.local.networks.session import open_session


def faults() -> int:
    resource = pytest.importorskip("resource")
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)


def test_the_detector_keeps_its_memory_from_page_to_page() -> None:
    """A page of this size takes memory by the hundred megabytes, a page fault each 4 KiB."""
    session = open_session(read_model(DETECTOR))
    page = np.zeros((1, 3, 1216, 832), np.float32)
    session.run(None, {"x": page})
    before = faults()
    session.run(None, {"x": page})
    assert faults() - before < 5000


def test_a_session_takes_the_memory_that_another_is_done_with() -> None:
    model, page = read_model(DETECTOR), np.zeros((1, 3, 1216, 832), np.float32)
    one, other = open_session(model), open_session(model)
    one.run(None, {"x": page})
    before = faults()
    other.run(None, {"x": page})
    assert faults() - before < 5000
