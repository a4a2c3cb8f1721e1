"""Roles of customer and agent: by names, by what they say, or unknown."""

import pytest

from bot.calls.call_turns import Call, CallTurn, Role
from bot.calls.role_names import role_of_name
from bot.calls.roles import with_roles

A, C = Role.AGENT, Role.CUSTOMER


def call(*said: tuple[str, str]) -> Call:
    return Call(
        "0" * 32, "test", tuple(CallTurn(name, None, None, None, text, None, (), None) for name, text in said), None
    )


def roles(*said: tuple[str, str]) -> list[Role | None]:
    found = with_roles(call(*said))
    assert with_roles(found) == found
    return [turn.role for turn in found.turns]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        *[
            (name, A)
            for name in ("Aģents", "agents", "OPERATORS", "Operatore 2", "Agent", "AGENT_01", "Customer service")
        ],
        *[(name, C) for name in ("Klients", "kliente", "Customer", "CALLER 1", "Zvanītājs")],
        *[(name, None) for name in ("Ilze Paraudziņa", "SPEAKER_01", "", "spk_0", "IVR", "channel 1")],
    ],
)
def test_names(name: str, role: Role | None) -> None:
    assert role_of_name(name) == role


def test_who_is_not_the_one_is_the_other() -> None:
    assert roles(("Ilze", "a"), ("Klients", "b"), ("Ilze", "c")) == [A, C, A]


def test_of_three_people_only_those_with_a_name_have_a_role() -> None:
    assert roles(("Agent", "a"), ("Customer", "b"), ("IVR", "c")) == [A, C, None]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([("1", "labdien elektrum ko varu palidzet"), ("2", "man ir jautajums")], id="lv, no diacritics"),
        pytest.param(
            [("1", "Labdien, ēē, ko va- ēē varu palīdzēt?"), ("2", "Nu es gribēju jautāt")], id="lv, false start"
        ),
        pytest.param(
            [("1", "labrīt elektroms klausos"), ("2", "mani sauc ilze es gribu sūdzēties")], id="lv, misheard name"
        ),
        pytest.param([("1", "Nosauciet, lūdzu, līguma numuru"), ("2", "mans līgums ir deviņi nulle")], id="lv, number"),
        pytest.param(
            [("1", "thanks for calling elektron how can uh i help"), ("2", "my bill is late")], id="en, fillers"
        ),
        pytest.param(
            [("1", "can i have your contract number"), ("2", "um i want to complain i got a letter")], id="en"
        ),
        pytest.param([("1", "HELLO ELEKTRUM HOW MAY I ASSIST"), ("2", "we have no light")], id="en, capitals"),
    ],
)
def test_what_they_say_tells_them_apart(said: list[tuple[str, str]]) -> None:
    assert roles(*said) == [A, C]
    # Whoever is first, and whatever they are called.
    assert roles(*[({"1": "x", "2": "y"}[name], text) for name, text in reversed(said)]) == [C, A]


def test_goodbye_first_tips_the_scales() -> None:
    said = [("1", "man ir jautājums"), ("2", "jā"), ("2", "visu labu")]
    assert roles(*said) == [C, A, A]
    assert roles(*said[:2]) == [None, None]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([("1", "jā"), ("2", "nē")], id="nothing to go by"),
        pytest.param([("", "labdien elektrum ko varu palīdzēt"), ("", "man ir rēķins")], id="nobody told apart"),
        pytest.param([("1", "labdien elektrum ko varu palīdzēt"), ("1", "man nav elektrības")], id="one speaker"),
        pytest.param([("1", "man ir rēķins"), ("2", "man ir līgums")], id="both like customers"),
        pytest.param([("1", "how can i help"), ("2", "how can i help")], id="both like agents"),
    ],
)
def test_nobody_has_a_role_where_it_cannot_be_told(said: list[tuple[str, str]]) -> None:
    assert roles(*said) == [None, None]


def test_a_recording_before_the_call_has_no_role() -> None:
    said = [
        ("0", "lai turpinātu nospiediet viens"),
        ("1", "labdien elektrum kā varu palīdzēt"),
        ("2", "man nav gaismas"),
    ]
    assert roles(*said) == [None, A, C]
