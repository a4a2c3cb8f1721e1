"""Listens for danger and despair in a message: whole, sentence by sentence, at its end, and beside numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rasa.shared.nlu.training_data.message import Message

from bot.domain_names import ALARMS, Intent
from bot.message_limits import MESSAGE_LIMIT
from bot.nlu.annotations import note_danger_in_part, note_despair
from bot.nlu.beside_numbers import beside_numbers
from bot.nlu.cascade import Cascade
from bot.nlu.danger_detector import speaks_against
from bot.nlu.input_limits import endings
from bot.nlu.segments import sentences
from bot.parse_result import Guess

WORTH_A_LOOK = 0.2  # n-gram confidence in danger from which the end of a long message is classified fully

_THRESHOLDS = ("alarm", "alarm_against", "despair", "unheard", "certain", "beside")  # of the configuration


class AlarmListener:
    """Notes in messages what `DangerDetector` and the intents tell of danger and despair."""

    def __init__(self, cascade: Cascade, ranking: Callable[[str], list[Guess]], config: Mapping[str, Any]) -> None:
        """
        Args:
            ranking: the likeliest intents of a text, likeliest first.
            config: of the intent classifier, which says what its thresholds mean.
        """
        self._cascade, self._ranking = cascade, ranking
        self._config = {name: float(config[name]) for name in _THRESHOLDS}

    def listen(self, message: Message, text: str, likeliest: Guess) -> set[Intent]:
        """Note the alarms of the message or of one of its sentences.

        Args:
            likeliest: the likeliest intent of the message.

        Returns:
            The alarms of which the detector heard nothing at all.
        """
        self.listen_to_the_end(message, text)
        self._listen_beside_numbers(message, text)
        parts = dict.fromkeys((text[:MESSAGE_LIMIT], *sentences(text[:MESSAGE_LIMIT])))
        found = {part: self._cascade.alarms(part) for part in parts}
        for part, each in found.items():
            if each[Intent.REPORT_DESPAIR] >= self._config["despair"]:
                note_despair(message)
            elif self._is_alarming(part, each[Intent.REPORT_DANGER], likeliest):
                note_danger_in_part(message)
        unheard = self._config["unheard"]
        return {alarm for alarm in ALARMS if max(each[alarm] for each in found.values()) < unheard}

    def _is_alarming(self, part: str, danger: float, likeliest: Guess) -> bool:
        """Whether a message or one of its sentences, by the detector's probability of danger, tells of danger.

        Where it is unsure, a clear intent speaks against it: that of the sentence itself, or that of the whole message
        unless the sentence by itself is an alarm ("my house is on fire! where do I swap lamps").
        """
        if danger < self._config["alarm"] or danger >= self._config["alarm_against"]:
            return danger >= self._config["alarm_against"]
        own = self._ranking(part)[0]
        return own.intent in ALARMS or not (speaks_against(own) or speaks_against(likeliest))

    def listen_to_the_end(self, message: Message, text: str) -> None:
        """Note danger at the end of a long message; it then becomes the message's intent."""
        ends = endings(text)
        looks = zip(ends, self._cascade.glance(ends), strict=True)
        worth_a_look = (end for end, glanced in looks if glanced.get(Intent.REPORT_DANGER, 0.0) >= WORTH_A_LOOK)
        if any(self._is_danger(end, "certain") for end in worth_a_look):
            note_danger_in_part(message)

    def _listen_beside_numbers(self, message: Message, text: str) -> None:
        """Note danger that a contract number or a code hides: most messages with one are answers to a question."""
        rest = beside_numbers(text)
        if rest and self._is_danger(rest, "beside"):
            note_danger_in_part(message)

    def _is_danger(self, text: str, threshold: str) -> bool:
        guess = self._ranking(text)[0]
        return guess.intent == Intent.REPORT_DANGER and guess.confidence >= self._config[threshold]
