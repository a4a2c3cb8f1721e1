"""Twilio Voice: form fields in, TwiML out; signed by Twilio (twilio's own validator and TwiML builder)."""

from typing import Any

from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

from bot.channels.phone.calls import Action, Answer, Heard, Hypothesis, Kind
from bot.channels.phone.gateways.shapes import Malformed, confidence_of

VOICES = {"lv": ("Google.lv-LV-Standard-B", "lv-LV"), "en": ("Google.en-GB-Standard-A", "en-GB")}
ENDED = {"completed", "busy", "failed", "no-answer", "canceled"}
SILENCE = 5  # seconds


def is_signed(token: str, url: str, form: dict[str, str], signature: str) -> bool:
    """Whether Twilio has sent this form to this address."""
    return bool(RequestValidator(token).validate(url, form, signature))


def read(form: dict[str, str], message_id: str | None, *, first: bool) -> Heard:
    """What a request tells; `first` where it asks how to begin.

    Args:
        message_id: of the header I-Twilio-Idempotency-Token.

    Raises:
        Malformed: it names no call.
    """
    call = form.get("CallSid")
    if not call:
        raise Malformed("'CallSid' is missing.")
    kind = Kind.SILENCE
    hypotheses: tuple[Hypothesis, ...] = ()
    if form.get("CallStatus") in ENDED:
        kind = Kind.HANG_UP
    elif first:
        kind = Kind.START
    elif form.get("Digits"):
        kind = Kind.DIGITS
    elif form.get("SpeechResult"):
        kind, hypotheses = Kind.SPEECH, (_hypothesis(form),)
    return Heard(call, kind, message_id, hypotheses, form.get("Digits", ""))


def written(answer: Answer, action: str) -> str:
    """An answer as TwiML; what is heard next comes to `action`."""
    response: Any = VoiceResponse()
    place = response
    if answer.action is Action.LISTEN:
        place = Gather(
            input="speech dtmf",
            action=action,
            language=VOICES[answer.language][1],
            speech_timeout="auto",
            timeout=SILENCE,
            finish_on_key="#",
            action_on_empty_result=True,
            barge_in=True,
        )
    for said in answer.say:
        voice, language = VOICES[said.language]
        place.say(said.text, voice=voice, language=language)
    if answer.action is Action.LISTEN:
        response.append(place)
    elif answer.action is Action.TRANSFER:
        dial = response.dial()
        dial.sip(answer.to) if answer.to.startswith("sip") else dial.number(answer.to.removeprefix("tel:"))
    else:
        response.hangup()
    return str(response)


def _hypothesis(form: dict[str, str]) -> Hypothesis:
    return Hypothesis(form["SpeechResult"], confidence_of(form.get("Confidence")))
