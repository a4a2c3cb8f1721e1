"""Builds the transformer's ONNX graph from the weights of `E5File`.

Weights are 8-bit with one scale for each output, activations are quantised as they come. The weights are unsigned:
signed ones lose precision on processors with AVX2 and without VNNI.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from bot.sentence_vectors.e5_file import E5File, Floats

INPUT, OUTPUT = "embedded", "vector"
OPSET, IR_VERSION = 20, 9
MICROSOFT = "com.microsoft"  # operators of ONNX Runtime beyond the standard
_TOP, _ZERO = 127, 128  # largest quantised weight, and the number that stands for zero


def encoder_graph(file: E5File) -> bytes:
    """The serialised model.

    Its input has shape (sentences, tokens, hidden): for each token its word, position and type vector added up, all
    sentences of the same length. Its output has shape (sentences, hidden), with rows of norm 1.
    """
    graph = _Graph(file)
    hidden = graph.normalise(INPUT, "emb.ln")
    for layer in range(file.dimensions.layers):
        hidden = graph.layer(hidden, f"l{layer}.")
    return bytes(graph.model(hidden).SerializeToString())


class _Graph:
    """Nodes and constants, collected in the order of computation. Methods return the name of what they compute."""

    def __init__(self, file: E5File) -> None:
        self._file, self._sizes = file, file.dimensions
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def layer(self, hidden: str, at: str) -> str:
        """One layer: attention and a feed-forward net, each added to what came in and normalised."""
        width, inner = self._sizes.hidden, self._sizes.inner
        joined = self._linear(hidden, [at + "q", at + "k", at + "v"], (width, width), biased=True)
        parts = [at + "query", at + "key", at + "value"]
        self._nodes.append(helper.make_node("Split", [joined], parts, axis=-1, num_outputs=3))
        attended = self._microsoft("MultiHeadAttention", parts, at + "attended", num_heads=self._sizes.heads)
        out = self._linear(attended, [at + "ao"], (width, width), biased=False)
        hidden = self._add_and_normalise(hidden, out, at + "ao", at + "aln")
        wide = self._linear(hidden, [at + "fi"], (inner, width), biased=False)
        wide = self._microsoft("BiasGelu", [wide, self._bias([at + "fi"])], at + "gelu")
        out = self._linear(wide, [at + "fo"], (width, inner), biased=False)
        return self._add_and_normalise(hidden, out, at + "fo", at + "oln")

    def normalise(self, hidden: str, name: str) -> str:
        """Layer normalisation."""
        ends = [self._constant(name + end, self._file.vector(name + end)) for end in (".w", ".b")]
        return self._node("LayerNormalization", [hidden, *ends], name + ".out", epsilon=self._sizes.epsilon, axis=-1)

    def model(self, hidden: str) -> ModelProto:
        """The whole, ending in the mean over all tokens, brought to norm 1."""
        axes = self._constant("axes", np.array([1], np.int64))
        mean = self._node("ReduceMean", [hidden, axes], "mean", keepdims=0)
        self._node("LpNormalization", [mean], OUTPUT, axis=-1, p=2)
        width = self._sizes.hidden
        graph = helper.make_graph(
            self._nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["sentences", "tokens", width])],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["sentences", width])],
            self._constants,
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)

    def _linear(self, hidden: str, names: Sequence[str], shape: tuple[int, int], *, biased: bool) -> str:
        """Hidden states times the weights of these tensors, each of a shape (outputs, inputs), beside each other."""
        weights = np.concatenate([self._file.matrix(name + ".w", *shape) for name in names])
        scales = np.maximum(np.abs(weights).max(axis=1), 1e-9) / _TOP
        quantised = (np.rint(weights / scales[:, np.newaxis]) + _ZERO).astype(np.uint8).T
        inputs = [
            hidden,
            self._constant(names[0] + ".weights", quantised),
            self._constant(names[0] + ".scales", scales.astype(np.float32)),
            self._constant(names[0] + ".zeros", np.full(len(weights), _ZERO, np.uint8)),
        ]
        if biased:
            inputs.append(self._bias(names))
        return self._microsoft("DynamicQuantizeMatMul", inputs, names[0] + ".product")

    def _bias(self, names: Sequence[str]) -> str:
        return self._constant(names[0] + ".bias", np.concatenate([self._file.vector(name + ".b") for name in names]))

    def _add_and_normalise(self, hidden: str, out: str, linear: str, norm: str) -> str:
        ends = [self._constant(norm + end, self._file.vector(norm + end)) for end in (".w", ".b")]
        inputs = [hidden, out, *ends, self._bias([linear])]
        return self._microsoft("SkipLayerNormalization", inputs, norm + ".out", epsilon=self._sizes.epsilon)

    def _constant(self, name: str, values: Floats | npt.NDArray[np.generic]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, operator: str, inputs: Sequence[str], output: str, **settings: Any) -> str:
        self._nodes.append(helper.make_node(operator, inputs, [output], **settings))
        return output

    def _microsoft(self, operator: str, inputs: Sequence[str], output: str, **settings: Any) -> str:
        self._nodes.append(helper.make_node(operator, inputs, [output], domain=MICROSOFT, **settings))
        return output
