"""Whole calls over HTTP, through each gateway: AudioCodes, Twilio, jambonz, and the plain webhook."""

import os
import re
import shutil
import subprocess
import sys
from itertools import cycle
from pathlib import Path

import pytest
import requests
from phone_calls import (  # tests/phone_calls.py
    CUT_OFF,
    GATEWAYS,
    HOW_MUCH,
    NOT_CUT_OFF,
    OPENED,
    Begin,
    audiocodes,
    jambonz,
    plain,
    told,
    twilio,
)
from running import Running  # tests/running.py

from bot.settings import PROJECT

pytestmark = pytest.mark.server
# Demo customers with a phone. One gets at most 5 codes an hour, so each test asks for another.
CONTRACTS = cycle(["90010000011", "90010000022", "90010000033", "90010000055", "90010000066", "90010000077"])
YES, RECORDED = {"lv": "jā", "en": "yes"}, {"lv": "Zvans ir pierakstīts", "en": "call has been recorded"}
NOBODY = {"lv": "nevienu neizdevās sazvanīt", "en": "nobody could be reached"}

each_gateway = pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda each: each.__name__)
each_language = pytest.mark.parametrize("language", ["lv", "en"])


@each_gateway
@each_language
def test_a_question_is_answered(phone: str, gateway: Begin, language: str) -> None:
    call = gateway(phone)
    greeting = told(call.begin())
    assert ("Elektrum" in greeting, "nospiediet nulli" in greeting) == (True, True)
    assert NOT_CUT_OFF[language] in told(call.say(CUT_OFF[language]))
    assert (call.state, str(call.language["listening"])[:2]) == ("listening", language)


@each_gateway
@each_language
def test_an_account_is_proven_with_keys_and_shown(phone: str, line: Running, gateway: Begin, language: str) -> None:
    outbox, call = line.outbox(), gateway(phone)
    call.begin()
    call.say(HOW_MUCH[language])
    call.press(next(CONTRACTS) + "#")
    assert told(call.press(outbox.code())).startswith(OPENED[language])


def test_an_account_is_proven_by_voice(phone: str, line: Running) -> None:
    outbox, call = line.outbox(), plain(phone)
    call.begin()
    call.say(HOW_MUCH["lv"])
    call.say("deviņi nulle nulle viens nulle nulle nulle nulle nulle trīs trīs")  # 90010000033
    call.say("jā, pareizi")
    said = " ".join(outbox.code())
    assert told(call.say(f"kods ir {said}")).startswith(OPENED["lv"])


@each_gateway
def test_zero_leads_to_a_person_with_a_summary(phone: str, line: Running, gateway: Begin) -> None:
    call = gateway(phone)
    call.begin()
    call.say(CUT_OFF["lv"])
    heard = told(call.press("0"))
    assert ("Savienoju" in heard, "numurs ir e el" in heard, "zvaniet" in heard) == (True, True, False)
    assert call.state == "transferring"
    assert call.transfer
    assert "+37167000000" in call.transfer.target
    handed_on = (call.transfer.summary or "") + call.transfer.headers.get("X-Summary", "")
    assert handed_on == "" if gateway is twilio else "Vai mani atslēgs?" in handed_on
    ((details,),) = line.rows("SELECT details FROM handoffs ORDER BY id DESC LIMIT 1")
    assert "Jautāts: Vai mani atslēgs?" in details


@each_gateway
@each_language
def test_a_transfer_in_vain_brings_the_caller_back(phone: str, line: Running, gateway: Begin, language: str) -> None:
    call = gateway(phone)
    call.begin()
    call.say(CUT_OFF[language])
    call.press("0")
    assert NOBODY[language] in told(call.transfer_ends("no-answer"))
    assert (call.state, str(call.language["listening"])[:2]) == ("listening", language)
    assert RECORDED[language] in told(call.say(YES[language]))
    assert NOT_CUT_OFF[language] in told(call.say(CUT_OFF[language]))
    ((kind, details, consent),) = line.rows(
        "SELECT kind, details, consent_at FROM handoffs JOIN call_backs USING (reference) "
        "ORDER BY handoffs.id DESC LIMIT 1"
    )
    assert (kind, "neizdevās savienot" in details, bool(consent)) == ("call_back", True, True)


@pytest.mark.parametrize("gateway", [audiocodes, twilio, jambonz], ids=lambda each: each.__name__)
def test_a_caller_who_withholds_the_number_is_asked_for_one(phone: str, line: Running, gateway: Begin) -> None:
    call = gateway(phone, caller="anonymous")
    call.begin()
    call.press("0")
    assert "es neredzu" in told(call.transfer_ends("busy"))
    assert line.rows("SELECT kind FROM handoffs ORDER BY id DESC LIMIT 1") == [("transfer",)]


@each_gateway
def test_when_somebody_answers_the_call_is_over_here(phone: str, gateway: Begin) -> None:
    call = gateway(phone)
    call.begin()
    call.press("0")
    call.transfer_ends("completed")
    assert (call.state, told(call)) == ("ended", "")


@pytest.mark.parametrize("how", ["refused", "declined", "not-found"])
def test_jambonz_takes_a_transfer_back_however_it_fails(phone: str, how: str) -> None:
    call = jambonz(phone)
    call.begin()
    call.press("0")
    assert NOBODY["lv"] in told(call.transfer_ends(how))


def test_who_is_silent_after_a_transfer_in_vain_is_not_connected_for_ever(phone: str) -> None:
    call = plain(phone)
    call.begin()
    call.press("0")
    call.transfer_ends("no-answer")
    states = [call.be_silent().state for _ in range(3)]
    assert states == ["listening", "listening", "ended"]


@each_language
@pytest.mark.parametrize("what", ["cik es esmu parādā", "gribu iesniegt sūdzību"])
def test_zero_leads_to_a_person_from_within_a_form(phone: str, what: str, language: str) -> None:
    call = plain(phone)
    call.begin()
    call.press({"lv": "8", "en": "9"}[language])
    call.say(what)
    assert call.press("0").state == "transferring"


@each_gateway
def test_silence_is_asked_about_twice_and_then_leads_to_a_person(phone: str, gateway: Begin) -> None:
    call = gateway(phone)
    call.begin()
    assert ["neko nedzirdēju" in told(call.be_silent()) for _ in range(2)] == [True, True]
    assert call.be_silent().state == "transferring"


def test_who_is_not_understood_is_asked_twice_and_then_led_to_a_person(phone: str) -> None:
    call = plain(phone)
    call.begin()
    assert ["nesadzirdēju" in told(call.say("mšš frrk", 0.2)) for _ in range(2)] == [True, True]
    assert call.say("mšš frrk", 0.2).state == "transferring"


def test_what_a_sure_recogniser_heard_is_not_asked_again_but_clarified(phone: str) -> None:
    call = plain(phone)
    call.begin()
    assert "nesadzirdēju" not in told(call.say("mšš frrk", 0.95))


def test_a_confidence_of_zero_says_that_there_is_none(phone: str) -> None:
    call = plain(phone)
    call.begin()
    assert NOT_CUT_OFF["lv"] in told(call.say(CUT_OFF["lv"], 0))


def test_being_understood_in_between_starts_the_count_anew(phone: str) -> None:
    call = plain(phone)
    call.begin()
    call.say("mšš frrk", 0.2)
    call.say("mšš frrk", 0.2)
    call.say(CUT_OFF["lv"])
    assert "nesadzirdēju" in told(call.say("mšš frrk", 0.2))


@pytest.mark.parametrize("gateway", [audiocodes, jambonz], ids=lambda each: each.__name__)
def test_what_can_be_understood_is_believed_before_what_the_recogniser_likes(phone: str, gateway: Begin) -> None:
    call = gateway(phone)
    call.begin()
    others = [{"transcript": CUT_OFF["lv"], "confidence": 0.74}]
    assert NOT_CUT_OFF["lv"] in told(call.say("vai manī adsles ja kav šu", 0.81, others))


def test_goodbye_ends_the_call(phone: str) -> None:
    call = plain(phone)
    call.begin()
    assert call.say("uz redzēšanos").state == "ended"


def test_after_hanging_up_no_account_stays_open(phone: str, line: Running) -> None:
    outbox, call = line.outbox(), plain(phone)
    call.begin()
    call.say(HOW_MUCH["lv"])
    call.press(next(CONTRACTS))
    assert told(call.press(outbox.code())).startswith(OPENED["lv"])
    call.hang_up()
    assert "līguma numur" in told(call.say(HOW_MUCH["lv"]))
    assert line.rows("SELECT count(*) FROM phone_calls WHERE ended_at IS NOT NULL AND sealed IS NOT NULL") == [(0,)]


def test_what_was_answered_goes_with_the_call(phone: str, line: Running) -> None:
    """A gateway, or somebody with its secret, requests the same answer again after the end."""
    outbox, call = line.outbox(), plain(phone)
    call.begin()
    call.say(HOW_MUCH["lv"])
    number = next(CONTRACTS)
    call.press(number)
    last = {"event": "digits", "digits": outbox.code(), "id": "the-message-that-opened-it"}
    assert told(call.send(**last)).startswith(OPENED["lv"])
    call.hang_up()
    assert told(call.send(**last)) == ""
    assert line.rows("SELECT count(*) FROM account_dialogues WHERE contract_number = :of", of=number) == [(0,)]


def test_two_callers_with_the_same_number_do_not_hear_each_other(phone: str) -> None:
    """Rasa's channel uses the caller's number as the conversation id."""
    one, other = twilio(phone), twilio(phone)
    one.begin()
    one.say("vai muzejs ķegumā ir slēgts")
    other.begin()
    assert "atvēršanas" in told(one.say("cik ilgi")).lower()
    assert "atvēršanas" not in told(other.say("cik ilgi")).lower()


def test_without_settings_there_is_no_phone(assistant: Running) -> None:
    url = assistant.url.replace("/chat/", "/webhooks/phone/plain")
    assert requests.post(url, json={}, timeout=10).status_code == 404


@each_language
def test_the_demo_speaks_a_call_through(tmp_path: Path, language: str) -> None:
    """With an account verified by voice; as WAV files if espeak-ng is installed."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'demo.db'}",
        "BOT_OUTBOX": str(tmp_path / "outbox.jsonl"),
    }
    command = [sys.executable, "-m", "bot.cli", "phone", "demo", language, "--to", str(tmp_path / "wav")]
    done = subprocess.run(
        [*command, "--as-of", "2020-03-25"], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )
    amount = {"lv": "piecdesmit divi eiro desmit centi", "en": "fifty-two euros and ten cents"}[language]
    assert amount in done.stdout
    assert not re.search("nospiediet nulli|press zero", done.stdout), "Here nobody can be transferred."
    spoken = len(list((tmp_path / "wav").glob("*.wav")))
    assert spoken > 5 if shutil.which("espeak-ng") else spoken == 0
