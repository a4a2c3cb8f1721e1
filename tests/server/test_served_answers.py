"""Every information and account intent on a running server, in both languages."""

import re

import pytest
from running import Running  # tests/running.py

# What is asked (in words that are not in the training data), and what the reply must say.
ASKED = [
    ("ask_place_closed lv", "Vai varu aizbraukt uz jūsu klientu centru Rīgā parunāt?", ["Rīgā ir slēgts", "8400"]),
    (
        "ask_place_closed en",
        "Could I visit the customer centre in Daugavpils tomorrow?",
        ["Daugavpils is closed", "8400"],
    ),
    (
        "ask_place_closed town lv",
        "Vai Valmierā ir kāds jūsu birojs, kas strādā?",
        ["Rīgā un Daugavpilī", "nav teikts"],
    ),
    ("ask_reopening lv", "Kad muzejs Ķegumā atkal vērs durvis?", ["nav teikts, kad atkal atvērs"]),
    ("ask_reopening en", "When do you plan to open the Riga centre again?", ["does not say when"]),
    (
        "guarantee lv",
        "Vai man atslēgs elektrību, ja kavēšu maksājumu?",
        ["kavētu maksājumu dēļ"],
    ),
    ("guarantee en", "Are you going to disconnect me if my payment is late?", ["does not disconnect the supply"]),
    ("duration lv", "Cik ilgi spēkā ir solījums neatslēgt?", ["[Ll]īdz ārkārtējās situācijas beigām", "14. aprīlim"]),
    (
        "duration en",
        "Until what date does the no-disconnection promise hold?",
        ["end of the emergency situation", "14 April 2020"],
    ),
    ("scope lv", "Vai neatslēgšana attiecas arī uz maniem birojiem, ja esmu uzņēmējs?", ["nav teikts", "uzņēmumiem"]),
    ("scope en", "Does the promise cover companies as well as households?", ["does not say", "customers"]),
    ("delay lv", "Man nav naudas samaksāt par martu, ko darīt?", ["samaksāt vēlāk", "8400"]),
    ("delay en", "I lost my job and can't pay this month, what happens?", ["does not disconnect", "8400"]),
    ("fees lv", "Vai par kavēšanu rēķināsiet līgumsodu vai procentus?", ["nav teikts, ka", "8400"]),
    (
        "fees en",
        "Do you charge interest or a penalty when I am late?",
        ["does not say that there will be penalties", "8400"],
    ),
    ("pay lv", "Kur es varu samaksāt rēķinu skaidrā naudā?", ["nav teikts", "8400"]),
    ("pay en", "Where can I pay my electricity bill in cash?", ["does not say whether or where"]),
    ("contact lv", "Uz kādu numuru jums var piezvanīt?", ["8400"]),
    ("contact en", "What phone number do I call to reach Elektrum?", ["8400"]),
    ("portal lv", "Kā es varu ielogoties jūsu pašapkalpošanās portālā?", ["elektrum.lv"]),
    ("portal en", "How do I sign in to the self-service portal?", ["elektrum.lv"]),
    ("services lv", "Vai pakalpojumi tagad turpinās kā parasti?", ["visi Elektrum pakalpojumi", "attālināti"]),
    ("services en", "Do all of your services continue during the emergency?", ["all Elektrum services", "remotely"]),
    ("changes lv", "Kas klientiem ir mainījies ārkārtējās situācijas dēļ?", ["neatslēdz", "Jūrmalā", "Ķegumā"]),
    ("changes en", "What has changed for customers because of the virus?", ["not disconnected", "Jūrmala"]),
    ("safety lv", "Kādus drošības pasākumus jūs ievērojat vīrusa dēļ?", ["Ministru kabineta", "SPKC"]),
    (
        "safety en",
        "What safety measures have you taken for your customers?",
        ["recommendations", "SPKC"],
    ),
    ("account lv", "Cik liels man šobrīd ir parāds?", ["līguma numurs", "elektrum.lv", "8400"]),
    ("account en", "How much do I owe you at the moment?", ["contract number", "elektrum.lv", "8400"]),
    ("extension lv", "Lūdzu, atļaujiet man samaksāt pa daļām.", ["nekas nav teikts", "8400"]),
    ("extension en", "Please let me pay the bill in three instalments.", ["says nothing", "8400"]),
    ("disconnected lv", "Mani atslēdza parāda dēļ, kad pieslēgs?", ["nav teikts", "8400"]),
    ("disconnected en", "You cut off my power for debt, when will it be restored?", ["does not say", "8400"]),
    ("outage lv", "Visā mājā pazuda elektrība.", ["8404"]),
    ("outage en", "The power just went out in the whole building.", ["8404"]),
    ("danger lv", "Uz ceļa guļ norauts elektrības vads!", ["112", "8404"]),
    ("danger en", "A power line has fallen onto the street and it is sparking!", ["112", "8404"]),
]

# Never in any of these answers: what the announcement does not promise (tests/replies has the whole table).
FORBIDDEN = re.compile(
    r"garantij|guarantee|bez soda|no penalt(?:y|ies) (?:will|are)|norakst\w+ parād|written off|atcelsim|"
    r"atvērsim|will reopen on|izņēmuma stāvok|state of exception",
    re.IGNORECASE,
)


@pytest.mark.server
@pytest.mark.parametrize(("text", "said"), [row[1:] for row in ASKED], ids=[row[0] for row in ASKED])
def test_answer_says_what_is_known(assistant: Running, text: str, said: list[str]) -> None:
    reply = " ".join(reply["text"] for reply in assistant.ask(text))
    missing = [part for part in said if not re.search(part, reply)]
    assert not missing, reply


@pytest.mark.server
@pytest.mark.parametrize("text", [row[1] for row in ASKED], ids=[row[0] for row in ASKED])
def test_answer_claims_nothing_else(assistant: Running, text: str) -> None:
    assert not FORBIDDEN.search(" ".join(reply["text"] for reply in assistant.ask(text)))
