"""The definitions of the figures that people read: `data/figures/definitions.yml`."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.data_files import DataFileError, read_yaml
from bot.settings import LANGUAGES, PROJECT

DEFINITIONS = PROJECT / "data" / "figures" / "definitions.yml"


class FigureName(StrEnum):
    """The figures, in the order in which they are shown."""

    CONVERSATIONS = "conversations"
    TURNS = "turns"
    ALONE = "alone"
    ANSWERED = "answered"
    ASKED_BACK = "asked_back"
    NOT_UNDERSTOOD = "not_understood"
    OTHER_SUBJECTS = "other_subjects"
    HANDED_OVER = "handed_over"
    FAILED = "failed"
    LOST = "lost"
    REQUESTS = "requests"
    WAITED = "waited"
    WAITED_MOST = "waited_most"
    FIRST_ANSWER = "first_answer"
    RATING_ASSISTANT = "rating_assistant"
    RATING_PERSON = "rating_person"


@dataclass(frozen=True)
class FigureDefinition:
    """What a figure is, for people: its name, what it counts, where it comes from."""

    name: str
    definition: str
    source: str


@lru_cache(maxsize=1)
def definitions() -> dict[str, dict[FigureName, FigureDefinition]]:
    """The definitions of all figures by language.

    Raises:
        DataFileError: the file cannot be read, or one is missing.
    """
    content = read_yaml(DEFINITIONS)
    try:
        found = {
            language: {
                figure: FigureDefinition(
                    one[language]["name"], one[language]["definition"], content["sources"][one["source"]][language]
                )
                for figure in FigureName
                for one in (content["figures"][figure],)
            }
            for language in LANGUAGES
        }
    except (KeyError, TypeError) as error:
        raise DataFileError(f"{DEFINITIONS}: {error} is missing.") from error
    if superfluous := sorted(content["figures"].keys() - set(FigureName)):
        raise DataFileError(f"{DEFINITIONS}: there are no such figures: {superfluous}.")
    return found
