"""Which rows of a large matrix are nearest to a vector: exactly, but in a fraction of the time of all products.

All rows are compared in 8 bits with ONNX Runtime first: a quarter of the memory to read. Its errors are bounded,
so only the rows that may be among the nearest are compared as they are.
"""

import numpy as np
import numpy.typing as npt
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from bot.sentence_vectors.e5_file import Floats
from bot.sentence_vectors.encoder_graph import IR_VERSION, OPSET

BLOCK = 64  # values of which the greatest is looked for first
_QUERY, _FOUND, _ZERO, _TOP = "query", "found", 128, 127
_ERRORS_ONLY = 3  # log level of ONNX Runtime


def greatest(values: Floats, count: int) -> Floats:
    """The greatest few of many values, greatest first; in a third of the time of a partition of them all."""
    whole = len(values) // BLOCK * BLOCK
    blocks = values[:whole].reshape(-1, BLOCK)
    # None of them is in another block: its block would have a greater maximum than one of theirs.
    likely = blocks[np.argsort(-blocks.max(axis=1))[:count]]
    return np.asarray(np.sort(np.concatenate([likely.ravel(), values[whole:]]))[::-1][:count])


class NearestRows:
    """Rows of norm 1 at most, ready to be compared; safe to use from several threads."""

    def __init__(self, rows: Floats) -> None:
        self._rows = rows
        self._step = float(np.abs(rows).max(initial=1e-9)) / _TOP
        quantised = np.rint(rows / self._step)
        self._error = float(np.linalg.norm(rows - quantised * self._step, axis=1).max(initial=0.0))
        self._session = _session((quantised + _ZERO).astype(np.uint8).T) if len(rows) else None

    def products(self, vector: Floats, count: int) -> Floats:
        """The greatest products of the rows with a vector, greatest first.

        Args:
            vector: of norm 1 at most.
        """
        if self._session is None:
            return np.zeros(0, dtype=np.float32)
        step = max(float(np.abs(vector).max()), 1e-9) / _TOP
        query = np.rint(vector / step)
        (found,) = self._session.run(None, {_QUERY: (query + _ZERO).astype(np.uint8)[np.newaxis]})
        rough = found[0].astype(np.float32) * np.float32(self._step * step)
        # By the inequality of Cauchy and Schwarz, for the row's error and for the vector's.
        off = self._error + (1 + self._error) * float(np.linalg.norm(vector - query * step)) + 1e-6
        likely = np.flatnonzero(rough >= greatest(rough, count)[-1] - 2 * off)
        return np.asarray(np.sort(self._rows[likely] @ vector)[::-1][:count])


def _session(columns: npt.NDArray[np.uint8]) -> onnxruntime.InferenceSession:
    """A session that multiplies a row of bytes with these columns; both have their zero at `_ZERO`."""
    zero = numpy_helper.from_array(np.array(_ZERO, dtype=np.uint8), "zero")
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", [_QUERY, "columns", "zero", "zero"], [_FOUND])],
        "nearest",
        [helper.make_tensor_value_info(_QUERY, TensorProto.UINT8, [1, columns.shape[0]])],
        [helper.make_tensor_value_info(_FOUND, TensorProto.INT32, [1, columns.shape[1]])],
        [numpy_helper.from_array(np.ascontiguousarray(columns), "columns"), zero],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
