"""The length limit of a message is defined once in Python; other places have the same value."""

import re

import pytest
import yaml

from bot.data_files import read_yaml
from bot.message_limits import MESSAGE_LIMIT, RAW_MESSAGE_LIMIT
from bot.nlu.gate import Gate
from bot.settings import PROJECT

WIDGET = PROJECT / "bot" / "channels" / "widget" / "panel.js"
OPENAPI = PROJECT / "bot" / "channels" / "web" / "openapi.yml"
PAGES = {"web.md": r"\*\*Limits\*\*: ([\d,]+) characters", "widget.md": r"more than ([\d,]+) characters"}


def test_the_gate_of_the_model_has_it() -> None:
    (gate,) = (part for part in read_yaml(PROJECT / "config.yml")["pipeline"] if part["name"].endswith(".Gate"))
    assert (gate["limit"], Gate.get_default_config()["limit"]) == (MESSAGE_LIMIT, MESSAGE_LIMIT)


def test_the_widget_has_it() -> None:
    (limit,) = re.findall(r"^const LIMIT = ([\d_]+);", WIDGET.read_text(encoding="utf-8"), re.MULTILINE)
    assert int(limit.replace("_", "")) == MESSAGE_LIMIT


def test_the_description_of_the_channel_has_it() -> None:
    described = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))
    assert described["components"]["schemas"]["Text"]["properties"]["text"]["maxLength"] == MESSAGE_LIMIT


@pytest.mark.parametrize(("name", "pattern"), PAGES.items())
def test_the_documentation_has_it(name: str, pattern: str) -> None:
    page = (PROJECT / "docs" / name).read_text(encoding="utf-8")
    assert {int(each.replace(",", "")) for each in re.findall(pattern, page)} == {MESSAGE_LIMIT}


def test_what_is_taken_in_is_enough_to_tell_that_it_is_too_long() -> None:
    assert RAW_MESSAGE_LIMIT > MESSAGE_LIMIT
