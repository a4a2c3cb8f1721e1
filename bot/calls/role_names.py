"""Speaker names that are roles: `Aģents`, `Klients`, `Agent 2` (`names` in data/lexicon/calls.yml)."""

import re
from functools import lru_cache

from bot.calls.call_turns import Role
from bot.words.lexicon import lexicon
from bot.words.text import fold

_NUMBER = re.compile(r"[\s\d]+$")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")


@lru_cache(maxsize=1)
def _roles() -> dict[str, Role]:
    return {fold(name): Role(role) for role, names in lexicon("calls")["names"].items() for name in names}


def role_of_name(name: str) -> Role | None:
    """The role that a name is, or has in brackets; None for any other name.

    Case, diacritics and a number after it are ignored.
    """
    said = [name, *_IN_BRACKETS.findall(name)]
    found = (_roles().get(_NUMBER.sub("", fold(each.replace("_", " ")))) for each in said)
    return next((role for role in found if role), None)
