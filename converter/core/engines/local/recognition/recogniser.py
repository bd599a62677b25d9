"""The network that reads crops, cut before its last layer, which takes an eighth of its time.

That layer scores 18,710 characters at every step. Nearly all steps are blank, or clearly one of the
letters, digits and signs of European print. So every step is scored on these common characters
first, and only steps that they leave undecided are scored on all characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.networks import onnx_file as onnx
from converter.core.engines.local.networks.session import open_session
from converter.core.engines.local.picture.pictures import Floats

SURE: Final = 0.99
"""A step is decided if a common character has this share of the scores of all common ones,"""
CLEAR: Final = 16.0
"""and a score before the softmax this high: at a step with an uncommon character, none has."""
COMMON: Final = (range(0x20, 0x180), range(0x370, 0x400), range(0x2000, 0x2300))
"""Latin with accents, Greek, and punctuation, powers, currencies, arrows and mathematics."""


class LineScores(NamedTuple):
    """The probabilities (steps, characters) of each character of an alphabet along one crop."""

    scores: Floats
    alphabet: Sequence[str]


@dataclass(frozen=True, slots=True)
class Tail:
    """The last layer: softmax(features @ weights + bias). The strings are names in the file."""

    nodes: tuple[onnx.Node, ...]
    features: str
    logits: str
    scores: str
    weights: tuple[str, Floats]
    bias: tuple[str, Floats]

    def initializers(self, kept: slice | NDArray[np.intp]) -> list[onnx.Field]:
        """Its weights and bias for the `kept` characters."""
        (weights_name, weights), (bias_name, bias) = self.weights, self.bias
        return [onnx.tensor(weights_name, weights[:, kept]), onnx.tensor(bias_name, bias[kept])]


class Recogniser:
    """Made from the bytes of the model file, in the main thread.

    Raises ValueError or KeyError if the file is not laid out as expected.
    """

    def __init__(self, model: bytes) -> None:
        fields = onnx.fields_of(model)
        graph = onnx.fields_of(next(f for f in fields if f.number == onnx.GRAPH).data)
        tail = _find_tail(graph)
        # CTC's blank comes first, the space last
        self._alphabet = ["", *onnx.metadata_of(fields, "character").split("\n"), " "]
        if len(self._alphabet) != len(tail.bias[1]):
            raise ValueError(
                f"the model lists {len(self._alphabet)} characters, scores {len(tail.bias[1])}"
            )
        self._is_common = np.array([_is_common(letter) for letter in self._alphabet])
        self._common = np.flatnonzero(self._is_common)
        self._letters = [self._alphabet[place] for place in self._common]
        self._outputs = [tail.scores, tail.logits, tail.features]
        self._features = tail.features
        self._body = open_session(_with_graph(fields, _body(graph, tail, self._common)))
        self._head = open_session(_with_graph(fields, _head(tail)))

    def score(self, tensor: Floats) -> Iterator[LineScores]:
        """For each crop of a batch (n, 3, height, width): the probabilities of its characters."""
        scores, logits, features = self._body.run(self._outputs, {"x": tensor})
        unsettled = (scores.max(axis=2) < SURE) | (logits.max(axis=2) < CLEAR)
        every = self._score_all(features[unsettled])
        scores[unsettled] = every[:, self._common]
        strange = ~self._is_common[every.argmax(axis=1)]
        lines = set(np.nonzero(unsettled)[0][strange].tolist())
        for line in range(len(tensor)):
            if line in lines:
                yield LineScores(self._score_all(features[line]), self._alphabet)
            else:
                yield LineScores(scores[line], self._letters)

    def _score_all(self, features: Floats) -> Floats:
        """The probabilities (steps, all characters) from these `features` (steps, features)."""
        (scores,) = self._head.run(None, {self._features: features[None]})
        return np.asarray(scores[0], np.float32)


def _is_common(letter: str) -> bool:
    return all(any(ord(sign) in block for block in COMMON) for sign in letter)


def _find_tail(graph: Sequence[onnx.Field]) -> Tail:
    """Raises ValueError if the graph does not end in a layer of weights, a bias and a softmax."""
    makers = {
        output: node
        for node in (onnx.node_of(field) for field in graph if field.number == onnx.NODE)
        for output in node.outputs
    }
    (scores,) = (onnx.name_of(field) for field in graph if field.number == onnx.OUTPUT)
    nodes, name = [], scores
    for operator in ("Softmax", "Add", "MatMul"):
        while (node := makers[name]).operator == "Identity":
            nodes.append(node)
            name = node.inputs[0]
        if node.operator != operator:
            raise ValueError(f"the model ends in {node.operator} where {operator} was expected")
        nodes.append(node)
        name = node.inputs[0]
    softmax, add, matmul = (node for node in nodes if node.operator != "Identity")
    named = {add.inputs[1], matmul.inputs[1]}
    tensors = dict(
        onnx.tensor_of(field)
        for field in graph
        if field.number == onnx.INITIALIZER and onnx.tensor_name(field) in named
    )
    return Tail(
        nodes=tuple(reversed(nodes)),
        features=name,
        logits=softmax.inputs[0],
        scores=scores,
        weights=(matmul.inputs[1], tensors[matmul.inputs[1]]),
        bias=(add.inputs[1], tensors[add.inputs[1]]),
    )


def _body(
    graph: Sequence[onnx.Field], tail: Tail, common: NDArray[np.intp]
) -> Iterator[onnx.Field]:
    """The graph with a last layer for the common characters; the layer's input is an output too."""
    replaced = {tail.weights[0], tail.bias[0]}
    for field in graph:
        is_tensor = field.number == onnx.INITIALIZER
        if field.number == onnx.OUTPUT or (is_tensor and onnx.tensor_name(field) in replaced):
            continue
        yield field
    yield from tail.initializers(common)
    for name in (tail.scores, tail.logits, tail.features):
        yield onnx.floats(onnx.OUTPUT, name, ("batch", "steps", f"{name} width"))


def _head(tail: Tail) -> Iterator[onnx.Field]:
    """The last layer alone, for all characters."""
    yield from (node.field for node in tail.nodes)
    yield onnx.Field(onnx.GRAPH_NAME, onnx.BYTES, b"head")
    yield from tail.initializers(slice(None))
    yield onnx.floats(onnx.INPUT, tail.features, ("batch", "steps", "features"))
    yield onnx.floats(onnx.OUTPUT, tail.scores, ("batch", "steps", "characters"))


def _with_graph(model: Sequence[onnx.Field], graph: Iterator[onnx.Field]) -> bytes:
    """The same model with another graph."""
    others = [field for field in model if field.number != onnx.GRAPH]
    return onnx.message_of([*others, onnx.submessage(onnx.GRAPH, graph)])
