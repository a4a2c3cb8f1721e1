"""Personal data that is split over messages is redacted in each of them, in any order; nothing else is."""

import json
from pathlib import Path

import pytest

from bot.privacy import redact
from bot.privacy.together import ConversationLine, find_together, redacted_together

BLIND = Path(__file__).parent / "blind"  # by somebody who did not know the code
# For each half of the blind set: missed pieces of personal data, and conversations without any that lose something.
# Houses by name and "street: Augusta" are what one message says (other tests have those); six digits alone are taken
# for a code, and "2003-118845" for a contract's number, though the message before says that it is a bill's.
HALVES = [("split.jsonl", 4, 1), ("split_second_half.jsonl", 0, 2), ("split_untouched.jsonl", 12, 3)]

SPLIT = [
    (["mans personas kods ir", "120380-12345"], ["mans personas kods ir", "[personal code]"]),
    (["mana adrese:", "Brīvības 12-4"], ["mana adrese:", "[address]"]),
    (["my address is", "Brivibas 12-4"], ["my address is", "[address]"]),
    (["my name is", "anna bērziņa"], ["my name is", "[name]"]),
    (["mani sauc", "Anna"], ["mani sauc", "[name]"]),
    (["Mani sauc Anna", "Bērziņa"], ["Mani sauc [name]", "[name]"]),
    (["my name is John", "Smith"], ["my name is [name]", "[name]"]),
    (["Ilze", "Paraudziņa", "kur varu samaksāt?"], ["[name]", "[name]", "kur varu samaksāt?"]),
    (["2612", "3456"], ["[phone]", "[phone]"]),
    (["26", "12", "34", "56"], ["[phone]"] * 4),
    (["mani sauc Anna", "2612", "3456"], ["mani sauc [name]", "[phone]", "[phone]"]),
    (["9001", "0000", "033"], ["[contract]"] * 3),
    (["120380", "12345"], ["[code]", "[code]"]),
    (["divi seši viens divi", "trīs četri pieci seši"], ["[phone]", "[phone]"]),
    (["two six one two", "three four five six"], ["[phone]", "[phone]"]),
    (["12038012345", "tas ir mans personas kods"], ["[contract]", "tas ir mans personas kods"]),
    (["Paraudziņa", "tas ir mans uzvārds"], ["[name]", "tas ir mans uzvārds"]),
    (["6722345", "that's my phone number"], ["[phone]", "that's my phone number"]),
    (["Brīvības 12-4", "tā ir mana adrese"], ["[address]", "tā ir mana adrese"]),
    (["anna.berzina@", "inbox.lv"], ["[e-mail]", "[e-mail]"]),
    (["anna.berzina", "@inbox.lv"], ["[e-mail]", "[e-mail]"]),
    (["mans e-pasts ir anna.berzina", "inbox.lv"], ["mans e-pasts ir [e-mail]", "[e-mail]"]),
    (["līguma numurs", "123456"], ["līguma numurs", "[contract]"]),
    (["pases numurs ir", "LV1234567"], ["pases numurs ir", "[document]"]),
    (["līgums ir uz sievu", "Ņina"], ["līgums ir uz sievu", "[name]"]),
    (["anna", "@", "inbox.lv"], ["[e-mail]", "@", "[e-mail]"]),
    (["durvju kods?", "27B5"], ["durvju kods?", "[code]"]),
    (["my ID is", "LV 7788991"], ["my ID is", "[document]"]),
    (["Ezerkrasti", "mājas nosaukums"], ["[address]", "mājas nosaukums"]),
    (["pin kods?", "4471"], ["pin kods?", "[password]"]),
    (["dob?", "4.5.1979"], ["dob?", "[birth date]"]),
    (["kā mani sauc?", "nu krūmkalne"], ["kā mani sauc?", "nu [name]"]),
    (["passport or permit?", "passport then", "LK 4455667"], ["passport or permit?", "passport then", "[document]"]),
    (["apliecības numurs, ko prasījāt", "LV 4455667"], ["apliecības numurs, ko prasījāt", "[document]"]),
    (["the name on the bill is", "krūmkalne"], ["the name on the bill is", "[name]"]),
    (["vārds uz līguma ir", "Ilga Priedniece"], ["vārds uz līguma ir", "[name]"]),
    (["mani sauc", "Anna", "krūmkalne un ko tagad"], ["mani sauc", "[name]", "[name] un ko tagad"]),
    (["I was typing my password", "Blue7Horse"], ["I was typing my password", "[password]"]),
    (["Kaķis!2020", "tā ir mana parole"], ["[password]", "tā ir mana parole"]),
    (["derīga līdz", "11/27"], ["derīga līdz", "[card]"]),
    (["12.03", "1966", "tad es piedzimu"], ["[birth date]", "[birth date]", "tad es piedzimu"]),
    (
        ["dzimšanas datums", "4.", "maijs", "1979"],
        ["dzimšanas datums", "[birth date].", "[birth date]", "[birth date]"],
    ),
    (["customer number: AB-2018", "40377"], ["customer number: [contract]", "[contract]"]),
    (["AB-2018", "slash", "40377"], ["[number]", "slash", "[number]"]),
    (["Elizabetes", "15a", "kv 4"], ["[name]", "15a", "kv 4"]),  # taken for a first name; no street is left
    (["mātisa", "44", "12"], ["[address]", "[address]", "[address]"]),
    (["Matīsa ielā 44", "k-3, zaļi vārti"], ["[address]", "[address]"]),
    (["LV-1011", "is the postcode"], ["[address]", "is the postcode"]),
    (["4", "tas ir dzīvokļa numurs"], ["[address]", "tas ir dzīvokļa numurs"]),
    (["sūtiet vēstules uz", "a/k 33"], ["sūtiet vēstules uz", "[address]"]),
]
# Possible false positives: each stays unchanged.
INNOCENT = [
    ["mani neapmierina", "Rēķins ir par lielu"],
    ["kur ir adrese?", "Kuldīgas centrs"],
    ["mans rēķins", "50 eiro"],
    ["50", "20"],
    ["20", "20", "44"],
    ["mani sauc [name]", "50"],
    ["2020", "2021"],
    ["8400", "8404"],
    ["my name is missing on the bill", "how do I add it"],
    ["man nav telefona", "ko man darīt"],
    ["tālrunis", "8400"],
    ["e-pasts", "neatbild"],
    ["rādījums", "12345"],
    ["Rīgā", "Jūrmalā"],
    ["thank you", "bye"],
    ["26.03.", "27.03."],
    ["211,04", "17,30"],
    ["parole", "neder"],
    ["what password?", "Elektrum"],
    ["aizmirsu paroli", "mans-elektrum.lv"],
    ["adrese?", "Rīgā"],
    ["the name on the bill is", "wrong"],
    ["come to", "Riga centre"],
    ["rēķina termiņš", "30.04.2020"],
    ["12.04.", "2020", "tad es maksāju"],
    ["vai 8400", "slash", "8404"],
    ["kļūda 503", "slash", "504"],
    ["100", "mīnus", "20"],
    ["rekinu", "44"],
    ["Rīgas", "50"],
    ["Internets", "50", "20"],
    ["klients ir", "neapmierināts"],
    ["kods?", "503"],
    ["īpašnieks ir", "miris"],
]


@pytest.mark.parametrize(("messages", "kept"), SPLIT, ids=[" / ".join(messages) for messages, _ in SPLIT])
def test_what_is_split_goes_from_each_message(messages: list[str], kept: list[str]) -> None:
    assert redacted_together(messages) == kept


@pytest.mark.parametrize("messages", INNOCENT, ids=" / ".join)
def test_the_rest_stays(messages: list[str]) -> None:
    assert redacted_together(messages) == messages


@pytest.mark.parametrize(
    ("question", "answer", "kept"),
    [
        ("Kā Jūs sauc?", "anna bērziņa", "[name]"),
        ("What is your name, please?", "john smith", "[name]"),
        ("Nosauciet, lūdzu, savu adresi: kāda ir Jūsu adrese?", "Brīvības 12-4", "[address]"),
        ("What is your phone number?", "6722345", "[phone]"),
        ("Lūdzu, ierakstiet līguma numuru.", "123456", "[contract]"),
        ("Kā Jūs sauc?", "kur varu samaksāt rēķinu", "kur varu samaksāt rēķinu"),
        ("What is your name?", "why do you ask?", "why do you ask?"),
        ("What is your phone number?", "call me at 8400", "call me at 8400"),
    ],
)
def test_the_answer_to_a_question_is_what_was_asked_for(question: str, answer: str, kept: str) -> None:
    found = find_together(
        [ConversationLine("labdien"), ConversationLine(question, by_customer=False), ConversationLine(answer)]
    )
    text = answer
    for kind, start, end in sorted(found.get(2, []), key=lambda each: -each.start):
        text = f"{text[:start]}[{kind}]{text[end:]}"
    assert redact(text, addresses=True) == kept


@pytest.mark.parametrize(("half", "most_left", "_"), HALVES)
def test_somebody_elses_split_messages_are_found(half: str, most_left: int, _: int) -> None:
    left = 0
    for line in (BLIND / half).read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        kept = redacted_together(case["messages"])
        left += sum(span["text"] in kept[span["message"]] for span in case["spans"])
    assert left <= most_left


@pytest.mark.parametrize(("half", "_", "most_lost"), HALVES)
def test_somebody_elses_innocent_messages_stay(half: str, _: int, most_lost: int) -> None:
    cases = [json.loads(line) for line in (BLIND / half).read_text(encoding="utf-8").splitlines()]
    innocent = [case["messages"] for case in cases if not case["spans"]]
    assert sum(redacted_together(messages) != messages for messages in innocent) <= most_lost


@pytest.mark.parametrize(("messages", "kept"), SPLIT, ids=[" / ".join(messages) for messages, _ in SPLIT])
def test_what_is_kept_stays_as_it_is(messages: list[str], kept: list[str]) -> None:
    assert redacted_together(kept) == kept
