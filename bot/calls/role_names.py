"""Names that say what somebody is in a call: `Aģents`, `Klients`, `Agent 2` (`names` in data/lexicon/calls.yml)."""

import re
from functools import lru_cache

from bot.calls.turns import Role
from bot.nlu.lexicon import lexicon
from bot.nlu.text import fold

_NUMBER = re.compile(r"[\s\d]+$")


@lru_cache(maxsize=1)
def _roles() -> dict[str, Role]:
    return {fold(name): Role(role) for role, names in lexicon("calls")["names"].items() for name in names}


def role_of_name(name: str) -> Role | None:
    """The role that a name says; None for any other name. Case, diacritics and a number after it do not matter."""
    return _roles().get(_NUMBER.sub("", fold(name.replace("_", " "))))
