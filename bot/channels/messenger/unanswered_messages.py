"""Deduplicates refusals: several messages at once that cannot be answered get one refusal together."""

from datetime import datetime, timedelta

from bot.channels.messenger.outcomes import OutboxItem
from bot.domain_names import Intent

REFUSING = frozenset({Intent.NLU_FALLBACK, Intent.OUT_OF_SCOPE})  # intents that are answered with a refusal
AT_ONCE = timedelta(seconds=5)  # messages that are no further apart count as sent at once
MOST_KEPT = 10_000  # persons; with more, all are forgotten


class Refusals:
    """The latest refusals of each person, in this server's memory only: forgetting one costs one repeated message."""

    def __init__(self) -> None:
        self._said: dict[str, dict[str, datetime]] = {}

    def unsaid(self, person: str, at: datetime, items: list[OutboxItem]) -> list[OutboxItem]:
        """The items of a refusal, or none where the person got the same for a message written at the same moment.

        Args:
            at: when the refused message was written, by Messenger's clock.
        """
        if len(self._said) >= MOST_KEPT:
            self._said.clear()
        said = self._said.setdefault(person, {})
        whole = "\n".join(str(item.get("message", {}).get("text")) for item in items)
        is_new = whole not in said or abs(at - said[whole]) > AT_ONCE
        self._said[person] = {text: when for text, when in said.items() if at - when <= AT_ONCE} | {whole: at}
        return items if is_new else []
