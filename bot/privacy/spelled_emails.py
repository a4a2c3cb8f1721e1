"""E-mail addresses without the @ sign: "anna et inbox punkts lv", "anna[at]inbox.lv", "anna at gmail dot com"."""

import re
from collections.abc import Iterator
from functools import cache

from bot.privacy.everyday import is_everyday
from bot.privacy.name_words import is_ordinary
from bot.privacy.normalised_text import Finding, bare
from bot.words.lexicon import lexicon

_BEFORE = 120  # characters that are searched before the @ word
_NEAR = 40  # characters before an address in which a word can say that it is one
_WORDS_BEFORE = 2  # words of a name before the word next to the @ word
_WORD_BEFORE = re.compile(r"(?<![\w.+-])(?P<word>[^\W\d_]{2,30}) \Z")
_MARKED = re.compile(r"[._+\d]")


def spelled_emails(text: str) -> Iterator[Finding]:
    """E-mail addresses whose @ is a word, in brackets or not; their dots may be words too.

    "Meet me at elektrum.lv" is none: where only the @ is a word, the context must show that it is an address.

    Args:
        text: a plain text.
    """
    small, place = bare(text), 0
    for sign in _sign().finditer(small):
        domain = _domain().match(small, sign.end())
        offset = max(place, sign.start() - _BEFORE)
        local = _local().search(small[offset : sign.start()]) if domain else None
        if domain and local and _is_address(text, small, offset + local.start(), sign, domain):
            start = (
                _with_words_before(small, place, offset + local.start())
                if domain["provider"]
                else offset + local.start()
            )
            place = domain.end()
            yield Finding("e-mail", start, place)


def _with_words_before(small: str, first: int, start: int) -> int:
    """The start of an address that is spoken as name and surname: "anna kalna at gmail dot com"."""
    for _ in range(_WORDS_BEFORE):
        word = _WORD_BEFORE.search(small[max(first, start - _NEAR) : start])
        if not word or is_ordinary(word["word"]) or is_everyday(word["word"]) or _label().fullmatch(word["word"]):
            return start
        start -= len(word.group())
    return start


def _is_address(text: str, small: str, start: int, sign: re.Match[str], domain: re.Match[str]) -> bool:
    local = small[start : sign.start()].strip()
    bracketed = sign.group().strip()[0] in "([{<"
    shouted = sign["alone"] is not None and text[sign.start("alone")].isupper() and not text[start].isupper()
    worded = domain["dot"] is not None and domain["dot"].strip(" ()[]").isalpha()
    if bracketed or shouted or _MARKED.search(local) or (worded and not is_ordinary(local)):
        return True
    labelled = _label().search(small, max(0, start - _NEAR), start) is not None
    return labelled or (domain["provider"] is not None and not is_ordinary(local))


def _words(key: str) -> str:
    return str(lexicon("labelled")["e-mail"][key])


@cache
def _sign() -> re.Pattern[str]:
    return re.compile(rf" ?[(\[{{<] ?(?P<word>{_words('at')}) ?[)\]}}>] ?| (?P<alone>{_words('at')}) ")


@cache
def _domain() -> re.Pattern[str]:
    ends = _words("ends")
    dot = rf"(?: ?\. ?| ?[(\[]? ?(?<=[ (\[])(?:{_words('dot')})(?=[ )\]]) ?[)\]]? ?| )"
    return re.compile(
        rf"(?:(?P<provider>{_words('domains')})"
        rf"|[a-z0-9-]{{2,40}}(?:(?:\.| (?:{_words('dot')}) )[a-z0-9-]{{2,30}}){{0,2}}?)"
        rf"(?P<dot>{dot})(?:{ends})(?:{dot}(?:{ends}))?(?!\w)"
    )


@cache
def _local() -> re.Pattern[str]:
    piece = r"(?:[\w.+-]{1,40}|[a-z0-9](?: [a-z0-9]){1,30})"
    return re.compile(rf"(?<![\w.+-])(?:{piece} (?:{_words('joins')}) ){{0,4}}{piece} ?\Z")


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_words('label')})(?!\w)")
