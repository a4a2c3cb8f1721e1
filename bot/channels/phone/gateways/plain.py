"""The plain JSON webhook, for whoever has a gateway of another kind.

Request: {"call", "id", "event": start | speech | digits | silence | hangup, "alternatives": [{"text", "confidence"}] or
"text" and "confidence", "final", "digits", "language"}. Answer: {"say": [{"text", "ssml", "language"}], "listen",
"action": listen | transfer | hangup, "to", "summary"}; {} for a partial result.
"""

from typing import Any

from bot.channels.phone.calls import Answer, Heard, Hypothesis, Kind
from bot.channels.phone.gateways.shapes import Malformed, confidence_of, guesses, language_of, text_of
from bot.channels.phone.ssml import ssml

KINDS = {
    "start": Kind.START,
    "speech": Kind.SPEECH,
    "digits": Kind.DIGITS,
    "silence": Kind.SILENCE,
    "hangup": Kind.HANG_UP,
}


def read(body: dict[str, Any]) -> Heard | None:
    """What a request tells; None for a partial result.

    Raises:
        Malformed: it tells nothing that can be used.
    """
    kind = KINDS.get(str(body.get("event")))
    if kind is None:
        raise Malformed(f"'event' is one of {', '.join(KINDS)}.")
    call = text_of(body, "call", required=True)
    if kind is Kind.SPEECH and body.get("final") is False:
        return None
    single = (Hypothesis(text_of(body, "text"), confidence_of(body.get("confidence"))),) if "text" in body else ()
    return Heard(
        call=call,
        kind=kind,
        id=text_of(body, "id") or None,
        hypotheses=guesses(body.get("alternatives"), "text") or single,
        digits=text_of(body, "digits"),
        language=language_of(body.get("language")),
    )


def written(answer: Answer) -> dict[str, Any]:
    """An answer as the webhook's client takes it."""
    return {
        "say": [{"text": said.text, "ssml": ssml(said.text), "language": said.language} for said in answer.say],
        "listen": answer.language,
        "action": answer.action.value,
        **({"to": answer.to, "summary": answer.summary} if answer.to else {}),
    }
