"""Parses recognisers' names of languages: `lv-LV`, `lav`, `Latvian`."""

from functools import lru_cache

from babel import Locale
from babel.core import get_global


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    return {name.lower(): code for code, name in Locale("en").languages.items() if "_" not in code}


def language_code(name: str | None) -> str | None:
    """The language's code without a region (lv, en, ru …); None for an unknown name."""
    if name is None:
        return None
    known = _codes_by_name()
    name = name.strip().lower()
    if name in known:
        return known[name]
    code = name.replace("_", "-").split("-")[0]
    aliases: dict[str, str] = get_global("language_aliases")
    code = aliases.get(code, code)
    return code if code in set(known.values()) - {"und", "mul", "zxx"} else None
