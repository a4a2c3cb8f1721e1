"""Signatures that Twilio and others have published, against the validator of its package."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from gateways.twilio_form import FORM, URL
from gateways.twilio_voice import RequestValidator, TwilioCall

HERE = Path(__file__).parent


# twilio-python tests/unit/test_request_validator.py, twilio-node spec/validation.spec.js, twilio-java RequestValidatorTest
VECTORS = [
    (URL, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (URL.replace("https", "http").replace(".com", ".com:1234"), FORM, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    (URL.replace(".com", ".com:443"), FORM, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    (URL.replace("https", "http").replace(".com", ".com:80"), FORM, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    (URL + "&Body=It's+amazing", FORM, "dsq4Ehbj6cs+KdTkpF5sSSplOWw="),
    (URL.replace("//", "//user:pass@"), FORM, "CukzLTc1tT5dXEDIHm/tKBanW10="),
]


@pytest.mark.parametrize(("url", "form", "wanted"), VECTORS)
def test_published_signatures(url: str, form: dict[str, str], wanted: str) -> None:
    assert RequestValidator("12345").compute_signature(url, form) == wanted


class Multi(dict):  # type: ignore[type-arg]
    def getlist(self, name: str) -> list[str]:
        return list(self[name])


def test_published_signature_with_a_repeated_field() -> None:
    form = Multi(Sid=["CA123"], SidAccount=["AC123"], Digits=["5678", "1234", "1234"])
    assert RequestValidator("12345").compute_signature(URL, form) == "IK+Dwps556ElfBT0I3Rgjkr1wJU="


def test_published_signature_with_body_hash() -> None:
    body = '{"property": "value", "boolean": true}'
    url = URL + "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
    assert RequestValidator("12345").validate(url, body, "a9nBmqA0ju/hNViExpshrM61xv4=")


# a Voice form with its empty fields, published with its signature in a public repository (NOTES.md)
EMPTY = (
    "Called=%2B491703330161&ToState=&CallerCountry=US&Direction=outbound-api&CallerState=CA&ToZip=&CallSid=test-call-sid"
    "&To=%2B491703330161&CallerZip=&ToCountry=DE&CalledZip=&ApiVersion=2010-04-01&CalledCity=&CallStatus=in-progress"
    "&From=%2B16505055892&AccountSid=test-account-sid&CalledCountry=DE&CallerCity=&ToCity=&FromCountry=US"
    "&Caller=%2B16505055892&FromCity=&CalledState=&FromZip=&FromState=CA"
)


def test_published_signature_with_empty_fields() -> None:
    validator, url, wanted = (
        RequestValidator("secret"),
        "https://example.com/voice/webhook",
        "KOEOMoF/g4CsG6Eh3lIavri38Oc=",
    )
    assert validator.compute_signature(url, dict(parse_qsl(EMPTY, keep_blank_values=True))) == wanted
    assert validator.compute_signature(url, dict(parse_qsl(EMPTY))) != wanted  # a bot that drops empty fields fails


def test_the_form_has_the_fields_of_a_captured_one() -> None:
    call = TwilioCall("http://x/", "t")
    assert set(dict(parse_qsl(EMPTY, keep_blank_values=True))) <= set(call.form)
    assert sum(1 for v in call.form.values() if v == "") == 12
