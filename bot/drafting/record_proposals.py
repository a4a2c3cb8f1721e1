"""The records that a release suggests: one for each place of a sentence, or one for the sentence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.drafting.held_facts import with_key
from bot.drafting.read_release import ReadRelease, ReadSentence
from bot.drafting.stated_days import StatedDays, stated_days
from bot.knowledge.published_places import PLACE_KEY

LIKE_A_FACT = 0.5  # so like a fact that it says the same thing anew


@dataclass(frozen=True)
class RecordProposal:
    """A record without its texts.

    Attributes:
        sentences: numbers of the sentences that it quotes.
        replaces: id of the record that it replaces; None for a new key.
        answers: questions that it takes over, added once those that would contradict are known.
    """

    id: str
    key: str
    sentences: tuple[int, ...]
    quote: str
    days: StatedDays
    place: str | None = None
    replaces: str | None = None
    answers: tuple[str, ...] = ()


def proposals(release: ReadRelease, announcement: str) -> list[RecordProposal]:
    """Suggest records for the sentences that no fact covers wholly, in the order in which they begin to hold."""
    suggested = [one for read in release.sentences if read.needs_record for one in _of(read, release, announcement)]
    found: list[RecordProposal] = []
    for key in dict.fromkeys(one.key for one in suggested):
        found += _one_after_the_other([one for one in suggested if one.key == key], release)
    return found


def _of(read: ReadSentence, release: ReadRelease, announcement: str) -> Iterator[RecordProposal]:
    number, quote = (read.sentence.number,), read.sentence.quote
    for place in read.own_places:
        days = stated_days(read, place, release.published)
        name = f"{announcement}-{place.replace('_', '-')}"
        yield RecordProposal(name, PLACE_KEY + place, number, quote, days, place)
    if not read.own_places:
        days, name = stated_days(read, None, release.published), f"{announcement}-{read.sentence.number}"
        yield RecordProposal(name, _key(read) or name.replace("-", "_"), number, quote, days)


def _key(read: ReadSentence) -> str | None:
    """The key of the fact that says the same thing, if there is one. A place's is only for sentences about it."""
    nearest = next((one for one in read.near if not one.fact.key.startswith(PLACE_KEY)), None)
    return nearest.fact.key if nearest is not None and nearest.likeness >= LIKE_A_FACT else None


def _one_after_the_other(same_key: Iterable[RecordProposal], release: ReadRelease) -> list[RecordProposal]:
    """Records of one key: what begins on one day is one record, and a later one replaces the one before it."""
    found: list[RecordProposal] = []
    for one in sorted(same_key, key=lambda proposal: proposal.days.first):
        if found and found[-1].days.first == one.days.first:
            found[-1] = _together(found[-1], one)
        else:
            found.append(_following(one, found, release))
    return found


def _together(one: RecordProposal, other: RecordProposal) -> RecordProposal:
    lasts = [days.last for days in (one.days, other.days)]
    last = None if None in lasts else max(filter(None, lasts))
    days, sentences = StatedDays(one.days.first, last), (*one.sentences, *other.sentences)
    return replace(one, quote=f"{one.quote} […] {other.quote}", days=days, sentences=sentences)


def _following(one: RecordProposal, before: list[RecordProposal], release: ReadRelease) -> RecordProposal:
    name = f"{one.id}-{len(before) + 1}" if before else one.id
    if before:
        is_over = _is_over(before[-1].days, one.days.first)
        return replace(one, id=name, replaces=None if is_over else before[-1].id)
    held = with_key(release.facts, one.key, one.days.first)
    return replace(one, replaces=held.id if held is not None else None)


def _is_over(days: StatedDays, day: date) -> bool:
    return days.last is not None and days.last < day
