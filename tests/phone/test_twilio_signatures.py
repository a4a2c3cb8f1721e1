"""Requests that Twilio and others have published with their signatures: each is accepted, and none after a change."""

import pytest

from bot.channels.http.bodies import MalformedRequest
from bot.channels.phone.gateways import twilio

SIGNATURE, SETTINGS = "X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings"
TOKEN = "12345"  # of Twilio's own tests (twilio-python, twilio-node, twilio-java)
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = b"Digits=1234&CallSid=CA1234567890ABCDE&To=%2B18005551212&Caller=%2B14158675309&From=%2B14158675309"
# A call as Twilio sent it, with its twelve empty fields; ids replaced, and signed anew (cases/files/01).
CALL = (
    b"Called=%2B491703330161&ToState=&CallerCountry=US&Direction=outbound-api&CallerState=CA&ToZip="
    b"&CallSid=test-call-sid&To=%2B491703330161&CallerZip=&ToCountry=DE&CalledZip=&ApiVersion=2010-04-01&CalledCity="
    b"&CallStatus=in-progress&From=%2B16505055892&AccountSid=test-account-sid&CalledCountry=DE&CallerCity=&ToCity="
    b"&FromCountry=US&Caller=%2B16505055892&FromCity=&CalledState=&FromZip=&FromState=CA"
)
CALL_URL, CALL_SIGNATURE = "https://example.com/voice/webhook", "KOEOMoF/g4CsG6Eh3lIavri38Oc="

PUBLISHED = {
    "a form": (TOKEN, URL, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    "a port": (TOKEN, "http://mycompany.com:1234/myapp.php?foo=1&bar=2", FORM, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    "the usual port": (TOKEN, URL.replace(".com", ".com:443"), FORM, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    "repeated": (
        TOKEN,
        URL,
        b"Sid=CA123&Digits=5678&Digits=1234&Digits=1234&SidAccount=AC123",
        "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
    ),
    "empty fields": ("secret", CALL_URL, CALL, CALL_SIGNATURE),
}


@pytest.mark.parametrize(("token", "url", "body", "signature"), PUBLISHED.values(), ids=PUBLISHED)
def test_a_published_request_is_taken(token: str, url: str, body: bytes, signature: str) -> None:
    assert twilio.is_signed(token, url, twilio.fields(body), {SIGNATURE: signature})


@pytest.mark.parametrize(
    ("url", "body"),
    [
        (CALL_URL, CALL.replace(b"&FromZip=", b"")),
        (CALL_URL, CALL.replace(b"ToZip=", b"ToZip=1")),
        (CALL_URL, CALL + b"&Digits=0"),
        (CALL_URL + "?x=1", CALL),
        (CALL_URL.replace("https", "http"), CALL),
    ],
    ids=["without a field", "filled", "one more", "another query", "another scheme"],
)
def test_what_was_changed_is_not_taken(url: str, body: bytes) -> None:
    assert not twilio.is_signed("secret", url, twilio.fields(body), {SIGNATURE: CALL_SIGNATURE})


@pytest.mark.parametrize("headers", [{}, {SIGNATURE: ""}, {SIGNATURE: CALL_SIGNATURE, SETTINGS: "algorithm=none"}])
def test_what_is_not_signed_is_not_taken(headers: dict[str, str]) -> None:
    assert not twilio.is_signed("secret", CALL_URL, twilio.fields(CALL), headers)


def test_the_first_of_repeated_fields_is_read_and_none_of_the_empty_ones() -> None:
    form = twilio.fields(b"CallSid=CA1&CallSid=CA2&Digits=&SpeechResult=&CallStatus=in-progress&From=%2B37129000000")
    heard = twilio.read(form, None, first=False)
    assert heard
    assert (heard.call, heard.kind, heard.caller) == ("CA1", "silence", "+37129000000")


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=%ff", "ā=1".encode(), b"&".join(b"a=1" for _ in range(501))])
def test_what_is_no_form_of_twilios_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedRequest):
        twilio.fields(body)
