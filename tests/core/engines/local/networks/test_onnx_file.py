from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.networks import onnx_file as onnx
from converter.core.engines.local.networks.model_files import DETECTOR, read_model


def test_a_file_is_put_together_as_it_was() -> None:
    model = read_model(DETECTOR)
    fields = onnx.fields_of(model)
    assert onnx.message_of(fields) == model
    (graph,) = (field for field in fields if field.number == onnx.GRAPH)
    assert onnx.submessage(onnx.GRAPH, onnx.fields_of(graph.data)) == graph


def test_a_tensor_keeps_its_name_its_shape_and_its_numbers() -> None:
    values = np.arange(600, dtype=np.float32).reshape(300, 2)
    name, read = onnx.tensor_of(onnx.tensor("weights", values))
    assert name == "weights"
    assert np.array_equal(read, values)


def test_an_output_knows_its_name() -> None:
    assert onnx.name_of(onnx.floats(onnx.OUTPUT, "scores", ("lines", "steps"))) == "scores"


@pytest.mark.parametrize("message", [b"no model at all", b"\x0a", b"\x0a\x05abc", b"\x08\xff"])
def test_what_was_cut_or_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError, match="no protobuf message"):
        onnx.fields_of(message)


def test_numbers_that_are_no_raw_floats_are_refused() -> None:
    name = onnx.Field(onnx.TENSOR_NAME, onnx.BYTES, b"weights")
    kind = onnx.Field(onnx.TENSOR_TYPE, onnx.VARINT, onnx.FLOAT)
    with pytest.raises(ValueError, match="weights holds no raw floats"):
        onnx.tensor_of(onnx.submessage(onnx.INITIALIZER, [kind, name]))
