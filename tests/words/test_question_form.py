"""Whether a message asks openly, for a yes or a no, or states something."""

import pytest

from bot.words.question_form import (
    QuestionForm,
    asks_for_it,
    asks_whether_possible,
    is_negated,
    question_form,
    state_named,
)

OPEN = {
    "lv": [
        "Kad atvērs centru?",
        "līdz kuram datumam tas ir",
        "un kas man par to būs?",
        "skaidrs. uz kuru numuru jums zvanīt?",
        "kā man samaksāt",
        "no kurienes jums šī info?",
        "un ja pagarinās?",
        "No ārzemēm kā lai nokārto?",
        "Vai ir zināms, kad atvērs?",
    ],
    "en": [
        "When will the centre open?",
        "and where do i pay",
        "tell me which number to call",
        "what happens if I pay late?",
        "And if they extend?",
        "what if I don't want to?",
        "If I can't pay in May, what happen with the flat?",
        "can you tell me when it opens",
    ],
}
WHETHER = {
    "lv": [
        "Vai mani atslēgs?",
        "tātad neatslēgsiet?",
        "atslēgs, ja nesamaksāšu?",
        "kaut kas mainījies?",
        "Vai atslēgs māju, kurā dzīvo mana māte?",
        "nu ko, tātad neatslēgsiet?",
        "muzejs vaļā 4. maijā?",
        "tā ir?",
        "Ēdnīcai atslēgs?",
        "Nepārrēķināsiet. Atslēgsiet?",
    ],
    "en": [
        "Are yis going to pull the plug on me or what?",
        "I like how fast you answer. so is the centre in riga working",
        "can I see somewhere what is unpaid",
        "and if I live in Ogre, the same?",
        "Will you cut me off?",
        "so no fees then",
        "and if we pay late, off?",
        "you won't disconnect me, right",
        "What if I pay late, am I safe?",
    ],
}
NAMED = {
    "lv": ["Jūrmalā?", "Centrs ir vaļā vai ciet?", "Tas jums vai viņiem jāprasa?"],
    "en": [
        "Late bill?",
        "Is the museum open or closed?",
        "should I ring you or them",
        "Is that you lot or a different company?",
    ],
}
STATED = {
    "lv": ["Nevaru samaksāt rēķinu.", "mums atslēdza elektrību par parādu"],
    "en": ["I cannot pay my bill this month.", "my power was cut off because of a debt"],
}


@pytest.mark.parametrize(
    ("form", "language", "text"),
    [
        (form, language, text)
        for form, kinds in (
            (QuestionForm.OPEN, OPEN),
            (QuestionForm.WHETHER, WHETHER),
            (QuestionForm.NAMED, NAMED),
            (QuestionForm.STATED, STATED),
        )
        for language, texts in kinds.items()
        for text in texts
    ],
)
def test_form(form: QuestionForm, language: str, text: str) -> None:
    assert question_form(text, language) is form


def test_of_several_sentences_the_last_question_counts() -> None:
    assert question_form("Will you cut me off? I have no money. Where can I pay?", "en") is QuestionForm.OPEN


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("you will not cut me off?", True),
        ("tad mani neatslēgs?", True),
        ("Is it true that you will not cut me off?", False),
        ("vai tiesa, ka neatslēgs?", False),
        ("Will you cut me off?", False),
    ],
)
def test_negated(text: str, negated: bool) -> None:
    assert is_negated(text) is negated


@pytest.mark.parametrize(
    ("text", "possible", "wanted"),
    [
        ("Can I pay in instalments?", True, False),
        ("Vai es varu maksāt pa daļām?", True, False),
        ("I want to pay in instalments", False, True),
        ("Could you push my bill back two weeks?", False, True),
        ("Varbūt varat to termiņu pabīdīt līdz 17.?", False, True),
        ("Vai jūs varat pagarināt man termiņu?", False, True),
        ("Vai maksājumu var atlikt?", False, False),
        ("Lūdzu, sadaliet rēķinu", False, True),
    ],
)
def test_asking_whether_it_is_possible_is_not_yet_asking_for_it(text: str, possible: bool, wanted: bool) -> None:
    assert (asks_whether_possible(text), asks_for_it(text)) == (possible, wanted)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("vai centri ir vaļā?", "open"),
        ("Vai jūs šodien strādājat?", "open"),
        ("centrs nestrādā?", "closed"),
        ("is the museum shut", "closed"),
        ("are you open or closed?", None),
        ("tātad nav vaļā?", "closed"),
        ("so you aren't open?", "closed"),
        ("centrs taču nav slēgts?", "open"),
        ("and Daugavpils?", None),
    ],
)
def test_the_state_of_a_place_is_the_one_that_is_named_alone(text: str, state: str | None) -> None:
    assert state_named(text) == state
