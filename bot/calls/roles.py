"""Assigns the roles of customer and agent to a call's speakers, by their names, else by what they say."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from bot.calls.call_turns import Call, CallTurn, Role
from bot.calls.role_names import role_of_name
from bot.words.lexicon import lexicon
from bot.words.text import fold

_OTHER = {Role.AGENT: Role.CUSTOMER, Role.CUSTOMER: Role.AGENT}
_FALSE_START = re.compile(r"\b\w+[-–—…]+(?=\s)")  # "va- varu"


@dataclass(frozen=True)
class _Cue:
    """Phrases of one kind, with a weight, which is negative for customers' phrases."""

    weight: int
    phrases: re.Pattern[str]


@dataclass(frozen=True)
class _Lexicon:
    cues: list[_Cue]
    goodbye: _Cue
    fillers: frozenset[str]
    most: int
    margin: int


def with_roles(call: Call) -> Call:
    """The call with the roles of its speakers; existing roles of turns stay.

    Of two speakers, one role implies the other. Where the file has speakers without roles, what they say decides if it
    is clear; else nobody gets a role.
    """
    speakers = list(dict.fromkeys(turn.speaker for turn in call.turns if turn.speaker))
    roles = _named(call, speakers) or _by_what_they_say(call, speakers)
    return replace(call, turns=tuple(replace(turn, role=turn.role or roles.get(turn.speaker)) for turn in call.turns))


def _named(call: Call, speakers: list[str]) -> dict[str, Role]:
    roles = {name: role for name in speakers if (role := role_of_name(name))}
    roles |= {turn.speaker: turn.role for turn in call.turns if turn.role}
    return _completed(roles, speakers)


def _completed(roles: dict[str, Role], speakers: list[str]) -> dict[str, Role]:
    """The roles, completed by that of the second of two speakers where the first one's is known."""
    unknown = [name for name in speakers if name not in roles]
    if len(speakers) == 2 and len(unknown) == 1:
        (known,) = set(speakers) - set(unknown)
        return roles | {unknown[0]: _OTHER[roles[known]]}
    return roles


def _by_what_they_say(call: Call, speakers: list[str]) -> dict[str, Role]:
    if len(speakers) < 2:
        return {}
    scores = _scores(call)
    ranked = sorted(speakers, key=lambda name: scores[name], reverse=True)
    margin = _lexicon().margin
    agent, second = ranked[:2]
    if scores[agent] - scores[second] < margin:
        return {}
    if len(speakers) == 2:
        return {agent: Role.AGENT, second: Role.CUSTOMER}
    # Among several, one may be a recording or a second agent: only a speaker with a customer's phrases is a customer.
    customers = {name: Role.CUSTOMER for name in ranked[1:] if scores[name] < 0}
    return {agent: Role.AGENT, **customers} if customers else {}


def _scores(call: Call) -> dict[str, int]:
    """By speaker, the summed weight of the phrases that they say: agents' count positive, customers' negative."""
    words = _lexicon()
    counts: dict[tuple[str, int], int] = defaultdict(int)
    scores: dict[str, int] = defaultdict(int)
    goodbye_said = False
    for turn in call.turns:
        said = _folded(turn)
        for number, cue in enumerate(words.cues):
            if cue.phrases.search(said) and counts[turn.speaker, number] < words.most:
                counts[turn.speaker, number] += 1
                scores[turn.speaker] += cue.weight
        if not goodbye_said and words.goodbye.phrases.search(said):
            goodbye_said = True
            scores[turn.speaker] += words.goodbye.weight
    return scores


def _folded(turn: CallTurn) -> str:
    said = fold(_FALSE_START.sub(" ", turn.text)).split()
    return " ".join(word for word in said if word not in _lexicon().fillers)


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    content = lexicon("calls")
    signs = {Role.AGENT: 1, Role.CUSTOMER: -1}
    return _Lexicon(
        cues=[_cue(cue, signs[Role(role)]) for role, kinds in content["cues"].items() for cue in kinds.values()],
        goodbye=_cue(content["goodbyes"], 1),
        fillers=frozenset(fold(word) for word in content["fillers"]),
        most=content["most"],
        margin=content["margin"],
    )


def _cue(content: dict[str, Any], sign: int) -> _Cue:
    phrases = "|".join(_phrase(phrase) for phrase in content["phrases"])
    return _Cue(sign * content["weight"], re.compile(rf"\b(?:{phrases})\b"))


def _phrase(phrase: str) -> str:
    return " ".join(fold(word) + (r"\w*" if word.endswith("*") else "") for word in phrase.split())
