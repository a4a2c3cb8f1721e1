"""What a question means when a certain person asks it: `data/knowledge/persons.yml`."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, Extra

from bot.data_files import read_model
from bot.knowledge.records import KNOWLEDGE, KnowledgeError
from bot.words.persons import Person


class _Meaning(BaseModel):
    asked: list[str]
    means: str

    class Config:
        extra = Extra.forbid


class _Persons(BaseModel):
    persons: dict[Person, list[_Meaning]]

    class Config:
        extra = Extra.forbid


@lru_cache(maxsize=4)
def meanings_by_person(path: Path = KNOWLEDGE / "persons.yml") -> dict[Person, dict[str, str]]:
    """By person, the question that each question means.

    Raises:
        KnowledgeError: the file cannot be used.
    """
    read = read_model(path, _Persons, KnowledgeError)
    return {
        person: {question: one.means for one in several for question in one.asked}
        for person, several in read.persons.items()
    }


def for_person(question: str, persons: Iterable[str]) -> str:
    """The question that is to be answered when these persons ask a question (or a topic in general)."""
    table = meanings_by_person()
    for person in persons:
        if meant := table[Person(person)].get(question):
            return meant
    return question
