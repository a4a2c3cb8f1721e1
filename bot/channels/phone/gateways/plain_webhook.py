"""The plain JSON webhook, for any other gateway.

Request: {"call", "id", "event": start | speech | digits | silence | notReached | hangup, "alternatives": [{"text",
"confidence"}] or "text" and "confidence", "final", "digits", "language", "caller"}. Answer: {"say": [{"text", "ssml",
"language"}], "listen", "action": listen | transfer | hangup, "to", "summary"}; {} for a partial result.

"digits" are the keys pressed (DTMF), 0 to 9, `*` and `#` and nothing else (otherwise 400): all together once `#` or
a pause has ended them, or each as it is pressed. "caller" is the caller's number in E.164, where it is known.
"notReached" is sent where nobody answered a transfer; the answer goes to the caller. A resent message has the
same "id".
"""

from bot.channels.http.bodies import MalformedRequest
from bot.channels.phone.gateway_messages import Answer, CallEventKind, Heard, Hypothesis
from bot.channels.phone.gateways.gateway_values import (
    caller_of,
    confidence_of,
    guesses,
    keys_of,
    language_of,
    text_of,
)
from bot.channels.phone.ssml import ssml

KINDS = {
    "start": CallEventKind.START,
    "speech": CallEventKind.SPEECH,
    "digits": CallEventKind.DIGITS,
    "silence": CallEventKind.SILENCE,
    "notReached": CallEventKind.NOT_REACHED,
    "hangup": CallEventKind.HANG_UP,
}


def read(body: dict[str, object]) -> Heard | None:
    """Parse a request; None for a partial result.

    Raises:
        MalformedRequest: a field is missing or cannot be used.
    """
    kind = KINDS.get(str(body.get("event")))
    if kind is None:
        raise MalformedRequest(f"'event' is one of {', '.join(KINDS)}.")
    call, digits = text_of(body, "call", required=True), keys_of(body.get("digits"))
    if kind is CallEventKind.DIGITS and not digits:
        raise MalformedRequest("'digits' are the keys that were pressed: 0 to 9, * and #.")
    if kind is CallEventKind.SPEECH and body.get("final") is False:
        return None
    single = (Hypothesis(text_of(body, "text"), confidence_of(body.get("confidence"))),) if "text" in body else ()
    return Heard(
        call=call,
        kind=kind,
        id=text_of(body, "id") or None,
        hypotheses=guesses(body.get("alternatives"), "text") or single,
        digits=digits,
        language=language_of(body.get("language")),
        caller=caller_of(body.get("caller")),
    )


def written(answer: Answer) -> dict[str, object]:
    """An answer as the webhook's JSON."""
    return {
        "say": [{"text": said.text, "ssml": ssml(said.text), "language": said.language} for said in answer.say],
        "listen": answer.language,
        "action": answer.action.value,
        **({"to": answer.to, "summary": answer.summary} if answer.to else {}),
    }
