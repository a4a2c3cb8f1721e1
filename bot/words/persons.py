"""Who a customer is, as far as a message tells: what is right for most may not hold for a firm or a tenant."""

import re
from enum import StrEnum
from functools import lru_cache

from bot.words.lexicon import lexicon
from bot.words.text import plain_words


class Person(StrEnum):
    """What matters about somebody; keys of `data/lexicon/persons.yml`."""

    ABROAD = "abroad"
    BUSINESS = "business"
    DEAF = "deaf"
    NO_INTERNET = "no_internet"
    OTHER_SUPPLIER = "other_supplier"
    TENANT = "tenant"


def persons_in(text: str) -> list[Person]:
    """What a message tells about the customer, or about the one whom they ask for."""
    plain = plain_words(text)
    return [person for person in Person if _pattern(person).search(plain)]


@lru_cache(maxsize=len(Person))
def _pattern(person: Person) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(lexicon('persons')[person])})\b")
