"""Twilio Voice: form fields in, TwiML out; signed by Twilio (twilio's own validator and TwiML builder)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from sanic.request import RequestParameters
from twilio.request_validator import RequestValidator, get_signature_algorithm
from twilio.twiml.voice_response import Gather, VoiceResponse

from bot.channels.http.bodies import MalformedRequest
from bot.channels.phone.gateway_messages import Action, Answer, CallEventKind, Heard, Hypothesis
from bot.channels.phone.gateways.gateway_values import caller_of, confidence_of, keys_of

VOICES = {"lv": ("Google.lv-LV-Standard-B", "lv-LV"), "en": ("Google.en-GB-Standard-A", "en-GB")}
ENDED = {"completed", "busy", "failed", "no-answer", "canceled"}
REACHED = {"completed", "answered"}  # dial status of a transfer that somebody answered
SILENCE = 5  # seconds
RINGING = 25  # seconds that a person may take to answer
MOST_FIELDS = 500
STATUS = "CallbackSource"  # a field of status callbacks only
NOTHING = str(VoiceResponse())


@dataclass(frozen=True)
class TwilioCallbacks:
    """The URLs of Twilio's next requests: what was heard, and how a transfer went."""

    heard: str
    transferred: str


def fields(body: bytes) -> RequestParameters:
    """A form's fields exactly as sent, since Twilio signs them: empty and repeated ones too.

    Raises:
        MalformedRequest: it is not a form.
    """
    try:
        text = body.decode("ascii")
        found = parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise MalformedRequest(f"A form of at most {MOST_FIELDS} fields is expected.") from error
    return RequestParameters(found)


def is_signed(token: str, url: str, form: RequestParameters, headers: Mapping[str, str]) -> bool:
    """Whether Twilio has sent this form to this URL, by its X-Twilio-Signature."""
    algorithm = get_signature_algorithm(headers.get("X-Twilio-Webhooks-Signature-Settings"))
    return bool(RequestValidator(token).validate(url, form, headers.get("X-Twilio-Signature", ""), algorithm))


def read(form: RequestParameters, message_id: str | None, *, first: bool) -> Heard | None:
    """Parse a request; `first` for the one that begins a call. None for a status between beginning and end.

    Args:
        message_id: from the header I-Twilio-Idempotency-Token.

    Raises:
        MalformedRequest: it names no call.
    """
    call = form.get("CallSid")
    if not call:
        raise MalformedRequest("'CallSid' is missing.")
    kind = CallEventKind.SILENCE
    hypotheses: tuple[Hypothesis, ...] = ()
    if form.get("CallStatus") in ENDED:
        kind = CallEventKind.HANG_UP
    elif STATUS in form:
        return None
    elif first:
        kind = CallEventKind.START
    elif dialled := form.get("DialCallStatus"):
        kind = CallEventKind.HANG_UP if dialled in REACHED else CallEventKind.NOT_REACHED
    elif form.get("Digits"):
        kind = CallEventKind.DIGITS
    elif text := form.get("SpeechResult"):
        kind, hypotheses = CallEventKind.SPEECH, (Hypothesis(text, confidence_of(form.get("Confidence"))),)
    caller = caller_of(form.get("From"))
    return Heard(call, kind, message_id, hypotheses, keys_of(form.get("Digits")), caller=caller)


def written(answer: Answer, addresses: TwilioCallbacks) -> str:
    """An answer as TwiML."""
    response: Any = VoiceResponse()
    place = response
    if answer.action is Action.LISTEN:
        place = Gather(
            input="speech dtmf",
            action=addresses.heard,
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
        dial = response.dial(action=addresses.transferred, timeout=RINGING)
        dial.sip(answer.to) if answer.to.startswith("sip") else dial.number(answer.to.removeprefix("tel:"))
    else:
        response.hangup()
    return str(response)
