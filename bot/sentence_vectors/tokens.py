"""Splits text into the model's word pieces: the likeliest sequence of pieces (unigram model, Viterbi)."""

import re

from bot.sentence_vectors.e5_file import Vocabulary

QUERY = "query: "  # the prefix by which the model knows a question from a passage
WORD = "\u2581"  # stands before each word in the vocabulary
_WORDS = re.compile(f"{WORD}[^{WORD}]*")
_UNKNOWN_PENALTY = 10.0  # below the least likely piece, as in SentencePiece


class Tokenizer:
    """Numbers of pieces, between those of the text's begin and end. Words are split one by one."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._normalised = vocabulary.normalised
        self._scores = vocabulary.scores
        self._unknown = vocabulary.unknown
        self._least = min(vocabulary.scores) - _UNKNOWN_PENALTY
        self._around = (vocabulary.begin, vocabulary.end)
        pieces = vocabulary.pieces
        # Of equal pieces the first counts, hence backwards.
        self._numbers = {pieces[number]: number for number in range(len(pieces) - 1, -1, -1) if pieces[number]}
        self._longest = max(map(len, pieces))

    def __call__(self, text: str) -> list[int]:
        """The numbers of a question's pieces."""
        readable = re.sub("  +", " ", (QUERY + text).translate(self._normalised))
        words = _WORDS.findall(WORD + readable.lstrip(" ").replace(" ", WORD))
        begin, end = self._around
        return [begin, *(number for word in words for number in self._split(word)), end]

    def _split(self, word: str) -> tuple[int, ...]:
        """The likeliest pieces of one word with its mark: no piece reaches over a mark."""
        size = len(word)
        best = [0.0] + [float("-inf")] * size
        last: list[tuple[int, int]] = [(0, 0)] * (size + 1)  # of each end: the piece, and where it begins
        for begin in range(size):
            for end in range(begin + 1, min(size, begin + self._longest) + 1):
                number = self._numbers.get(word[begin:end])
                if number is None or number == self._unknown:
                    continue
                score = best[begin] + self._scores[number]
                if score > best[end]:
                    best[end], last[end] = score, (number, begin)
            if best[begin] + self._least > best[begin + 1]:
                best[begin + 1], last[begin + 1] = best[begin] + self._least, (self._unknown, begin)
        found = []
        while size:
            number, size = last[size]
            found.append(number)
        return tuple(reversed(found))
