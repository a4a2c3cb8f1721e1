"""Goodbye, also inside a form, on the phone and in writing; and confirmation before anything that cannot be undone."""

import itertools
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from bot.channels.phone.gateway_messages import Action, Answer, CallEventKind, Heard, Hypothesis
from bot.desk.models import Handoff
from bot.rasa.local_assistant import LocalAssistant
from bot.storage.engine import session_scope

pytestmark = pytest.mark.model
PERSON = "tel:+37167000000"
ACCOUNT = {"lv": "Cik es esmu parādā?", "en": "How much do I owe?"}
COMPLAINT = {"lv": "Gribu iesniegt sūdzību", "en": "I want to make a complaint"}
LEAVING = [
    ("lv", "uz redzēšanos"),
    ("lv", "visu labu"),
    ("lv", "atā"),
    ("lv", "paldies, tas ir viss"),
    ("lv", "nu labi tad"),
    ("en", "goodbye"),
    ("en", "that's all, bye"),
    ("en", "never mind, I'll call later"),
]
NUMBERS = itertools.count()


class Call:
    """A call that the assistant answers in this process."""

    def __init__(self, assistant: LocalAssistant, language: str) -> None:
        self._answering = assistant.on_the_phone(PERSON)
        self._language, self._id = language, f"call{next(NUMBERS)}"

    async def say(self, *lines: str) -> Answer:
        """Say the lines, one after the other; returns the last answer."""
        for line in lines:
            answer = await self._hear(CallEventKind.SPEECH, hypotheses=(Hypothesis(line, 0.9),))
        return answer

    async def press(self, digits: str) -> Answer:
        return await self._hear(CallEventKind.DIGITS, digits=digits)

    async def _hear(self, kind: CallEventKind, *, hypotheses: tuple[Hypothesis, ...] = (), digits: str = "") -> Answer:
        heard = Heard(self._id, kind, hypotheses=hypotheses, digits=digits, language=self._language)
        return await self._answering.answer(heard)


def text(answer: Answer) -> str:
    return " ".join(said.text for said in answer.say)


def recorded() -> Sequence[str]:
    with session_scope() as session:
        return session.execute(select(Handoff.kind)).scalars().all()


@pytest.mark.parametrize("form", [ACCOUNT, COMPLAINT], ids=["account", "complaint"])
@pytest.mark.parametrize(("language", "said"), LEAVING, ids=[said for _, said in LEAVING])
async def test_goodbye_inside_a_form_ends_the_call(
    assistant: LocalAssistant, form: dict[str, str], language: str, said: str
) -> None:
    answer = await Call(assistant, language).say(form[language], said)
    assert (answer.action, {"lv": "Uz redzēšanos", "en": "Goodbye"}[language] in text(answer)) == (Action.HANG_UP, True)
    assert recorded() == []


async def test_goodbye_inside_a_form_leaves_it_in_writing(assistant: LocalAssistant) -> None:
    await assistant.say("Gribu iesniegt sūdzību")
    await assistant.say("uz redzēšanos")
    turn = await assistant.say("Vai mani atslēgs?")
    assert "Aprakstiet" not in turn["replies"][-1]["text"]


async def test_goodbye_with_a_question_is_answered(assistant: LocalAssistant) -> None:
    answer = await Call(assistant, "en").say("bye and just tell me is the Riga centre closed")
    assert (answer.action, "Riga is closed" in text(answer)) == (Action.LISTEN, True)


async def test_no_leaves_a_form_and_not_the_call(assistant: LocalAssistant) -> None:
    assert (await Call(assistant, "lv").say(ACCOUNT["lv"], "nē")).action is Action.LISTEN


@pytest.mark.parametrize("form", [ACCOUNT, COMPLAINT], ids=["account", "complaint"])
async def test_a_person_wanted_inside_a_form_gets_the_call(assistant: LocalAssistant, form: dict[str, str]) -> None:
    answer = await Call(assistant, "en").say(form["en"], "talk to a person")
    assert (answer.action, recorded()) == (Action.TRANSFER, ["person"])


@pytest.mark.parametrize(("language", "said"), [("lv", "es gribu runāt ar cilvēku"), ("en", "talk to a person")])
async def test_a_person_asked_for_plainly_gets_the_call_at_once(
    assistant: LocalAssistant, language: str, said: str
) -> None:
    assert (await Call(assistant, language).say(said)).action is Action.TRANSFER


async def test_zero_is_a_person_at_once(assistant: LocalAssistant) -> None:
    assert (await Call(assistant, "lv").press("0")).action is Action.TRANSFER


@pytest.mark.parametrize(("language", "said"), [("lv", "atā"), ("en", "bye")])
async def test_a_plain_goodbye_ends_the_call_at_once(assistant: LocalAssistant, language: str, said: str) -> None:
    assert (await Call(assistant, language).say(said)).action is Action.HANG_UP


@pytest.mark.parametrize(
    "said", ["autobuss", "Nākamais autobuss, lūdzu", "Kādu programmatūru var izmantot, lai atvērtu grāmatas?"]
)
async def test_strange_words_neither_end_nor_transfer_a_call(assistant: LocalAssistant, said: str) -> None:
    assert ((await Call(assistant, "lv").say(said)).action, recorded()) == (Action.LISTEN, [])


@pytest.mark.parametrize("form", [ACCOUNT, COMPLAINT], ids=["account", "complaint"])
@pytest.mark.parametrize(("language", "said"), [("lv", "varbūt"), ("en", "maybe"), ("en", "could be")])
async def test_maybe_neither_leaves_nor_fills_a_form(
    assistant: LocalAssistant, form: dict[str, str], language: str, said: str
) -> None:
    await Call(assistant, language).say(form[language], said)
    assert recorded() == []


async def test_maybe_records_no_person_that_was_offered(assistant: LocalAssistant) -> None:
    await assistant.say("vai to var kaut kā savādāk")
    await assistant.say("Kaut kas cits")
    await assistant.say("varbūt")
    assert recorded() == []


async def test_maybe_to_the_neighbours_keeps_the_question_open(assistant: LocalAssistant) -> None:
    await assistant.say("There is no power in my flat.")
    unsure = await assistant.say("not sure")
    after = await assistant.say("yes")
    assert "8404" in unsure["replies"][-1]["text"]
    assert "fault or an outage in the grid" in after["replies"][-1]["text"]


ABOUT = [("lv", "kur es varu sūdzēties"), ("en", "how long does a complaint take"), ("en", "did you get my complaint")]


@pytest.mark.parametrize(("language", "said"), ABOUT, ids=[said for _, said in ABOUT])
async def test_a_question_about_complaints_records_none(assistant: LocalAssistant, language: str, said: str) -> None:
    turn = await assistant.say(said)
    await assistant.say({"lv": "Vai mani atslēgs?", "en": "Will I be cut off?"}[language])
    assert ("8400" in turn["replies"][-1]["text"], recorded()) == (True, [])


async def test_yes_to_making_a_complaint_begins_it(assistant: LocalAssistant) -> None:
    for line in ("where can I complain?", "yes", "Your employee shouted at my mother."):
        await assistant.say(line)
    assert recorded() == ["complaint"]


async def test_no_to_making_a_complaint_begins_none(assistant: LocalAssistant) -> None:
    for line in ("kur varu sūdzēties?", "nē", "Kas ir slēgts?"):
        turn = await assistant.say(line)
    assert ("Rīgā" in turn["replies"][-1]["text"], recorded()) == (True, [])


ENDS = {"yes": Action.HANG_UP, "no": Action.LISTEN}


@pytest.mark.parametrize("answer", ENDS)
@pytest.mark.parametrize(
    ("language", "filler", "question", "words"),
    [
        ("lv", "nu tad nu tā", "vai vēlaties beigt sarunu", {"yes": "jā", "no": "nē"}),
        ("en", "well then so", "do you want to end the conversation", {"yes": "yes", "no": "no"}),
    ],
)
async def test_a_filler_ends_a_call_only_after_a_yes(
    assistant: LocalAssistant, language: str, filler: str, question: str, words: dict[str, str], answer: str
) -> None:
    call = Call(assistant, language)
    asked = await call.say(filler)
    assert (asked.action, question in text(asked)) == (Action.LISTEN, True)
    assert (await call.say(words[answer])).action is ENDS[answer]
