"""Several texts joined into one for a search, and the findings mapped back to each."""

from collections.abc import Iterator, Sequence

from bot.privacy.normalised_text import Finding


class Joined:
    """Texts joined with a space between."""

    def __init__(self, pieces: Sequence[tuple[int, str]]) -> None:
        """Take (number of the text, text)."""
        self.text = " ".join(text for _, text in pieces)
        self._pieces = list(pieces)

    def project(self, finding: Finding) -> Iterator[tuple[int, Finding]]:
        """(number of the text, the part of the finding that is in it)."""
        begins = 0
        for number, text in self._pieces:
            start, end = max(finding.start - begins, 0), min(finding.end - begins, len(text))
            if start < end:
                yield number, Finding(finding.kind, start, end)
            begins += len(text) + 1
