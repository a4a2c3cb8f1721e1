"""Personal data that is split over several messages: the label in one and the number in the next, a number in pieces,
the given name before the surname, or the number first and its label afterwards.

The messages are searched together, and each loses its part of a finding; messages are not merged.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.privacy import find, redact
from bot.privacy.announced_details import answer_of, looks_like_password
from bot.privacy.joining import Joined
from bot.privacy.lone_names import (
    first_name,
    forms_in,
    names_beside_remark,
    names_of,
    speaks_of_somebody,
    surname_at_start,
)
from bot.privacy.normalised_text import Finding, replaced, united
from bot.privacy.split_addresses import goes_on_with_address, street_and_number
from bot.privacy.split_dates import KIND as BIRTH
from bot.privacy.split_dates import goes_on_with_birth, is_date_piece
from bot.privacy.split_emails import email_parts
from bot.privacy.split_labels import announced, asked, echoed, said_before, word_in
from bot.privacy.split_parts import parts_of_number
from bot.privacy.split_pieces import ends_in_digits, is_piece, without_dash
from bot.words.text import fold

WINDOW = 9  # messages of a customer that may belong together
_NUMBERS = frozenset(["card", "code", "contract", "document", "eic", "iban", "number", "personal code", "phone"])
_REPLACED = re.compile(r"\[([a-z -]+)\]\W*$")
_LONGEST_ANSWER = 120  # characters of an answer to a question that may be for something else
_MOST_OF_A_CODE = 2  # messages that a code is split over
_MOST_BEFORE_NAME = 1  # words of a message that is a name
_WORD = re.compile(r"\w+")
_EXPIRY = re.compile(r"\W*\d{1,2} ?[/.-] ?(?:20)?\d{2}\W*")


@dataclass(frozen=True)
class ConversationLine:
    """A message from the customer or from whoever answers."""

    text: str
    by_customer: bool = True


Found = dict[int, list[Finding]]  # by the line's place


def redacted_together(texts: Sequence[str]) -> list[str]:
    """Consecutive messages of a customer, as they are finally stored."""
    kept: list[str] = []
    for text in texts:
        lines = [*map(ConversationLine, kept[-WINDOW:]), ConversationLine(text)]
        found = find_together(lines)
        offset = len(kept) + 1 - len(lines)
        kept.append(text)
        for place, findings in found.items():
            kept[offset + place] = replaced(kept[offset + place], united(findings))
        kept[-1] = redact(kept[-1], addresses=True)
    return kept


def find_together(lines: Sequence[ConversationLine]) -> Found:
    """Findings in the last line, a customer's, together with those before; by line, with offsets in its own text.

    Findings within one line are left to `bot.privacy.find`. Lines before may be redacted already.
    """
    mine = [place for place, line in enumerate(lines) if line.by_customer and line.text.strip()][-WINDOW:]
    if not mine or mine[-1] != len(lines) - 1:
        return {}
    return _Look(lines, mine).found()


class _Look:
    """One search of the last line and those before it."""

    def __init__(self, lines: Sequence[ConversationLine], mine: list[int]) -> None:
        self._texts = [line.text for line in lines]
        self._new, self._before = mine[-1], mine[:-1][::-1]  # nearest first
        between = range(self._before[0] + 1 if self._before else 0, self._new)
        self._question = next((lines[n].text for n in reversed(between) if not lines[n].by_customer), "")
        self._found: Found = defaultdict(list)

    def found(self) -> Found:
        text = self._texts[self._new]
        if self._before or self._question:
            self._answer()
        self._remark(text)
        if self._before:
            self._parts(text)
            self._password(text)
            self._email(text)
            self._names(text)
            self._address(text)
        return {place: findings for place, findings in self._found.items() if findings}

    def _take(self, place: int, findings: Iterable[Finding]) -> None:
        self._found[place] += findings

    def _answer(self) -> None:
        """This message contains what the end of the message before announced or asked for."""
        kind = self._announced()
        answers = len(self._texts[self._new]) <= _LONGEST_ANSWER
        kind = kind or (asked(self._question) if self._question and answers else None)
        if kind:
            self._take(self._new, answer_of(kind, self._texts[self._new]))

    def _announced(self) -> str | None:
        if not self._before:
            return None
        before = self._texts[self._before[0]]
        return announced(before) or echoed(before)

    def _password(self, text: str) -> None:
        """A word like a password after a mention of one: "let me try my password", "Plum_Jam_1974"."""
        if looks_like_password(text):
            lately = (self._texts[place] for place in self._before[:2])
            if any(word_in("password_spoken_of").search(fold(said)) for said in lately):
                self._take(self._new, _whole("password", text))

    def _remark(self, text: str) -> None:
        """This message labels the one before: "tas ir mans personas kods"."""
        kind = said_before(text)
        if kind is None:
            return
        if kind == "name":
            self._take(self._new, names_beside_remark(text))
        for place in self._before[:3]:
            said = self._texts[place]
            if kind == BIRTH and is_date_piece(said):
                self._take(place, _whole(BIRTH, said))
                continue
            findings = names_of(said, sure=False) if kind == "name" else answer_of(kind, said)
            self._take(place, findings)
            if not findings and not _is_replaced(self._texts[place]):
                return
            if kind not in {"name", *_NUMBERS}:
                return

    def _parts(self, text: str) -> None:
        """A part of a number or of a date, after other parts."""
        if goes_on_with_birth(text, [self._texts[place] for place in self._before]):
            self._take(self._new, _whole(BIRTH, text))
            return
        for place, finding in parts_of_number([(place, self._texts[place]) for place in (self._new, *self._before)]):
            self._take(place, [finding])
        self._pieces(text)

    def _pieces(self, text: str) -> None:
        """A number split over messages, and the continuation of one that was found."""
        if _EXPIRY.fullmatch(text) and _kind_at_end(self._texts[self._before[0]]) == "card":
            self._take(self._new, _whole("card", text))
            return
        if not is_piece(text):
            return
        run = [self._new]
        for place in self._before:
            if is_piece(self._texts[place]):
                run.insert(0, place)
                continue
            if (kind := _kind_at_end(self._texts[place])) in _NUMBERS:
                for n in run:
                    self._take(n, _whole(str(kind), self._texts[n]))
                return
            if ends_in_digits(self._texts[place]):
                run.insert(0, place)
            break
        pieces = [(n, *without_dash(self._texts[n])) for n in run]
        pieces = [piece for piece in pieces if piece[2]]
        for start in range(len(pieces) - 1):
            joined = Joined([(k, text) for k, (_, _, text) in enumerate(pieces)][start:])
            found = [each for each in find(joined.text) if each.kind in _NUMBERS]
            if len(pieces) - start > _MOST_OF_A_CODE:  # more likely several amounts
                found = [each for each in found if each.kind != "code"]
            spans = [
                (pieces[k][0], Finding(part.kind, part.start + pieces[k][1], part.end + pieces[k][1]))
                for each in found
                for k, part in joined.project(each)
            ]
            if len({n for n, _ in spans}) > 1:
                for n, finding in spans:
                    self._take(n, [finding])
                return

    def _email(self, text: str) -> None:
        """An e-mail address that is split before, after or around its @."""
        for place, finding in email_parts(text, [self._texts[place] for place in self._before]):
            self._take(self._before[place] if place >= 0 else self._new, [finding])

    def _names(self, text: str) -> None:
        """The surname, or another name, in the message after the given name; also the name of a mentioned person."""
        before = self._texts[self._before[0]]
        if _kind_at_end(before) == "name" or (speaks_of_somebody(before) and text.strip()[:1].isupper()):
            self._take(self._new, names_of(text, sure=False))
        if _kind_at_end(before) == "name" and len(_WORD.findall(before[: before.index("[")])) <= _MOST_BEFORE_NAME:
            self._take(self._new, surname_at_start(text))
        elif _kind_at_end(before) != "name":
            alone = first_name(before)
            following = names_of(text, sure=False) if alone else []
            if alone and following and text.strip()[:1].isupper() == before[:1].isupper():
                self._take(self._before[0], [alone])
                self._take(self._new, following)
        known = [text[each.start : each.end] for each in self._found[self._new] if each.kind == "name"]
        for place in self._before if known else ():
            self._take(place, forms_in(self._texts[place], known))

    def _address(self, text: str) -> None:
        """The house number after the street, and the continuation of an address."""
        before = [self._texts[place] for place in self._before]
        more = goes_on_with_address(text, before)
        if more:
            self._take(self._new, [more])
            return
        for place, finding in street_and_number(text, before):
            self._take(self._before[place] if place >= 0 else self._new, [finding])


def _whole(kind: str, text: str) -> list[Finding]:
    """The whole text as a finding, without surrounding spaces and final punctuation."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip().rstrip(".,;!?"))
    return [Finding(kind, start, end)] if start < end and not _is_replaced(text) else []


def _is_replaced(text: str) -> bool:
    return re.fullmatch(r"\W*(?:\[[a-z -]+\]\W*)+", text) is not None


def _kind_at_end(text: str) -> str | None:
    """The kind of the redacted data at the end of a text."""
    found = _REPLACED.search(text)
    return found[1] if found else None
