"""The share of a text's words that occur in the examples of an intent."""

from pathlib import Path

import pytest

from bot.nlu.familiarity import Familiarity

EXAMPLES = [
    ("ata visu labu", "goodbye"),
    ("ata ata", "goodbye"),
    ("autobuss klat ata", "goodbye"),
    ("visu labu jums", "goodbye"),
    ("poka", "goodbye"),
    ("gribu operatoru", "person"),
    ("operatora vajag un gribu runat", "person"),
    ("kur ir centrs", "place"),
    ("kur maksat", "pay"),
]


@pytest.fixture(params=["learnt", "read again"])
def familiarity(request: pytest.FixtureRequest, tmp_path: Path) -> Familiarity:
    learnt = Familiarity.learn([text for text, _ in EXAMPLES], [label for _, label in EXAMPLES])
    if request.param == "learnt":
        return learnt
    learnt.save(tmp_path)
    return Familiarity.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "intent", "share"),
    [
        pytest.param("ata", "goodbye", 1.0, id="a word of several examples"),
        pytest.param("autobuss", "goodbye", 0.0, id="a word of one example"),
        pytest.param("ata", "person", 0.0, id="a word of another intent"),
        pytest.param("operatori", "person", 1.0, id="another form of a word"),
        pytest.param("poka", "goodbye", 1.0, id="an example of one word"),
        pytest.param("poka", "person", 0.0, id="an example of one word of another intent"),
        pytest.param("tramvajs", "goodbye", 0.0, id="a word never seen"),
        pytest.param("", "goodbye", 0.0, id="nothing"),
        pytest.param("ata", "unheard of", 0.0, id="an intent without examples"),
    ],
)
def test_words_count_where_an_intent_uses_them(familiarity: Familiarity, text: str, intent: str, share: float) -> None:
    assert familiarity.share(text, intent) == pytest.approx(share)


def test_a_rare_word_counts_more_than_a_common_one(familiarity: Familiarity) -> None:
    assert 0 < familiarity.share("ata tramvajs", "goodbye") < 0.5


def test_saying_a_word_twice_proves_nothing(familiarity: Familiarity) -> None:
    assert familiarity.share("ata ata tramvajs", "goodbye") == familiarity.share("ata tramvajs", "goodbye")
