"""Language identification: by letters, and by a model trained here on the real data."""

from pathlib import Path

import pytest
from needs import needs  # tests/needs.py
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.data_files import read_yaml
from bot.nlu.language_identifier import LanguageIdentifier, prepared, script_language
from bot.parse_result import LANGUAGE, OTHER, DetectedLanguage
from bot.rasa.importer import BilingualImporter
from bot.settings import LANGUAGES, PROJECT
from bot.training.sentences import Sentence, held_out
from bot.words.text import without_diacritics

RESOURCE = Resource("languages")
OURS = [f"{kind}.{language}" for kind in ("clean", "rough") for language in LANGUAGES]
MIXED = held_out("mixed")
NAME = f"{LanguageIdentifier.__module__}.{LanguageIdentifier.__name__}"
CONFIGURED = next(one for one in read_yaml(PROJECT / "config.yml")["pipeline"] if one["name"] == NAME)
UNDECIDED = [
    *["", " ", "ok", "OK!", "Okay", "hmm", "Elektrum", "Latvenergo", "covid", "pdf"],
    *["8400", "12345678", "46,20 €", "25.03.2020", "👍", "?", "...", "\x00", "\ud800", "a"],
]


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path_factory.mktemp("languages"))


@pytest.fixture(scope="module")
@needs("training")
def identifier(storage: LocalModelStorage) -> LanguageIdentifier:
    """An identifier trained on data/nlu and data/language, as `bot train` does it."""
    importer = BilingualImporter(
        config_file=str(PROJECT / "config.yml"),
        domain_path=str(PROJECT / "domain.yml"),
        training_data_paths=[str(PROJECT / "data" / "nlu")],
    )
    trained = LanguageIdentifier(LanguageIdentifier.get_default_config() | CONFIGURED, storage, RESOURCE)
    trained.train(importer.get_nlu_data())
    return trained


@pytest.mark.parametrize(
    "text",
    ["rēķins", "Rīgā", "kāpēc", "Ķegums?", "Vai jūs mani atslēgsiet, ja nesamaksāšu?", "RĒĶINS", "re\u0304k\u0327ins"],
)
def test_letters_that_only_latvian_has_decide(text: str) -> None:
    assert script_language(text) == "lv"


@pytest.mark.parametrize(
    "text",
    ["Привет", "свет отрезали за неуплату", "Добрий день", "γεια σας", "你好", "مرحبا", "Когда откроется Rīga?"],
)
def test_another_script_decides(text: str) -> None:
    assert script_language(text) == OTHER


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("8400", id="digits"),
        pytest.param("👍", id="emoji"),
        pytest.param("When will you reopen?", id="English"),
        pytest.param("kad atvers centru", id="Latvian without diacritics"),
        pytest.param("šodien", id="a letter that Lithuanian has too"),
        pytest.param("Is the museum in Ķegums open today?", id="a Latvian name in English"),
        pytest.param("Kada vėl atsidarys jūsų centras", id="Lithuanian"),
        pytest.param("Kas muuseum Ķegumsis on lahti", id="Estonian with a Latvian name"),
        pytest.param("Ķegumsis on külm", id="a Latvian letter beside one that Latvian has not"),
        pytest.param("my rēķins please now", id="one Latvian word of four"),
        pytest.param("what does да mean", id="a Russian word in English"),
    ],
)
def test_letters_alone_do_not_decide(text: str) -> None:
    assert script_language(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vai, CENTRS ir slēgts?!", "vai centrs ir slēgts"),
        ("46,20 € par 2 rēķiniem", "par rēķiniem"),
        ("don't", "don't"),
        ("a_b\x00 👍", "a b"),
        ("8400", ""),
    ],
)
def test_words_are_prepared_with_their_diacritics(text: str, words: str) -> None:
    assert prepared(text) == words


@pytest.mark.parametrize("name", OURS)
def test_few_sentences_are_decided_wrongly(identifier: LanguageIdentifier, name: str) -> None:
    """A wrong decision leads to an answer in the wrong language; below 3 % of the held-out sentences."""
    sentences = held_out(name)
    wrong = [
        one.text
        for one in sentences
        if (found := identifier.identify(one.text)).is_decided and found.code != one.language
    ]
    assert len(wrong) < 0.03 * len(sentences), wrong


@pytest.mark.parametrize("name", OURS)
def test_nearly_all_sentences_are_recognised(identifier: LanguageIdentifier, name: str) -> None:
    """An undecided guess matters: it is the answer's language while nothing better is known."""
    sentences = held_out(name)
    missed = [one.text for one in sentences if identifier.identify(one.text).code != one.language]
    assert len(missed) <= 0.05 * len(sentences), missed


def test_latvian_without_diacritics_is_hardly_ever_decided_wrongly(identifier: LanguageIdentifier) -> None:
    """Typed on a phone: also the sentences that were written with care."""
    bare = [without_diacritics(one.text) for name in ("clean.lv", "rough.lv") for one in held_out(name)]
    wrong = [text for text in bare if (found := identifier.identify(text)).is_decided and found.code != "lv"]
    assert len(wrong) < 0.01 * len(bare), wrong


def test_most_sentences_in_other_languages_are_decided(identifier: LanguageIdentifier) -> None:
    sentences = held_out("others")
    missed = [one.text for one in sentences if not _is_foreign(identifier, one)]
    assert len(missed) <= 0.1 * len(sentences), missed


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_every_cyrillic_sentence_is_decided(identifier: LanguageIdentifier, language: str) -> None:
    """Only the words in Latin letters are ambiguous."""
    sentences = [one for one in held_out("others") if one.label == language and not one.text.isascii()]
    assert [one.text for one in sentences if not _is_foreign(identifier, one)] == []


def _is_foreign(identifier: LanguageIdentifier, sentence: Sentence) -> bool:
    found = identifier.identify(sentence.text)
    return found.is_decided and found.code == OTHER


@pytest.mark.parametrize("text", UNDECIDED)
def test_too_little_to_tell_is_undecided(identifier: LanguageIdentifier, text: str) -> None:
    assert identifier.identify(text) == DetectedLanguage("lv", 0.0, is_decided=False)


@pytest.mark.parametrize("text", [one.text for one in MIXED if one.language == "en"])
def test_english_with_latvian_words_is_decided_as_english(identifier: LanguageIdentifier, text: str) -> None:
    found = identifier.identify(text)
    assert (found.code, found.is_decided) == ("en", True)


def test_latvian_with_english_words_is_taken_for_latvian(identifier: LanguageIdentifier) -> None:
    """One may be missed: some sentences have more English words than Latvian ones."""
    sentences = [one.text for one in MIXED if one.language == "lv"]
    missed = [text for text in sentences if identifier.identify(text).code != "lv"]
    assert len(missed) <= 1, missed


@pytest.mark.parametrize("text", ["Zahlen", "kalbate", "vėluosiu", "komme"])
def test_one_foreign_word_is_not_decided_as_another_language(identifier: LanguageIdentifier, text: str) -> None:
    """It is more often a typing error or a name."""
    found = identifier.identify(text)
    assert (found.code in LANGUAGES, found.is_decided) == (True, False)


@pytest.mark.parametrize("text", ["Elektrum rēķins", "ok, when will you open", "covid: kad atvers centru"])
def test_neutral_words_do_not_count(identifier: LanguageIdentifier, text: str) -> None:
    neutral = ("Elektrum ", "ok, ", "covid: ")
    bare = next(text.removeprefix(word) for word in neutral if text.startswith(word))
    assert identifier.identify(text) == identifier.identify(bare)


def test_a_limit_from_the_configuration_decides(storage: LocalModelStorage, identifier: LanguageIdentifier) -> None:
    strict = LanguageIdentifier.load(
        {**LanguageIdentifier.get_default_config(), "sure": 1.1}, storage, RESOURCE, execution_context=None
    )
    assert not strict.identify("When will you open the centre again?").is_decided


@pytest.mark.parametrize("name", OURS)
def test_the_same_after_saving_and_loading(
    storage: LocalModelStorage, identifier: LanguageIdentifier, name: str
) -> None:
    config = LanguageIdentifier.get_default_config()
    loaded = LanguageIdentifier.load(config, storage, RESOURCE, execution_context=None)
    texts = [one.text for one in held_out(name)]
    kept = [(found.code, found.is_decided) for found in map(loaded.identify, texts)]
    assert kept == [(found.code, found.is_decided) for found in map(identifier.identify, texts)]


def test_an_untrained_identifier_decides_by_letters_alone(storage: LocalModelStorage) -> None:
    untrained = LanguageIdentifier(LanguageIdentifier.get_default_config(), storage, RESOURCE)
    assert [untrained.identify(text).is_decided for text in ("rēķins", "invoice")] == [True, False]


def test_process_puts_the_language_into_the_parse_result(identifier: LanguageIdentifier) -> None:
    message = Message({TEXT: "Kad atvērsiet centru?"})
    identifier.process([message])
    assert message.as_dict(only_output_properties=True)[LANGUAGE]["code"] == "lv"


def test_process_leaves_payloads_alone(identifier: LanguageIdentifier) -> None:
    """A button says nothing about the language that the customer writes."""
    message = Message({TEXT: "/ask_contact"})
    identifier.process([message])
    assert message.data == {TEXT: "/ask_contact"}


def test_the_sentences_of_data_language_count_as_a_change_of_the_model(tmp_path: Path) -> None:
    (tmp_path / "lv.txt").write_text("rēķins\n", encoding="utf-8")
    before = LanguageIdentifier.fingerprint_addon({"sentences": str(tmp_path)})
    (tmp_path / "lv.txt").write_text("rēķini\n", encoding="utf-8")
    assert LanguageIdentifier.fingerprint_addon({"sentences": str(tmp_path)}) != before
