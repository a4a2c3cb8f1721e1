"""Turns of labelled conversations are judged by what a reply conveys."""

import json
from pathlib import Path

import pytest

from bot.evaluation.conversation_sets import (
    DEVELOPMENT,
    UNTOUCHED,
    LabelledTurn,
    held_out_conversations,
    read_conversations,
)
from bot.evaluation.judged_turns import JudgedTurn, faults_of, figures_of
from bot.knowledge.conveyed import NOTHING, Act, Conveyed, Opening

SILENT = Conveyed(Act.ANSWER, Opening.NOT_SAID, ("N1", "S24"))
FEES = LabelledTurn(
    "any fees?", Act.ANSWER, Opening.NOT_SAID, (frozenset({"N1"}), frozenset({"S24"})), frozenset({"S6"})
)
FIRE = LabelledTurn("fire!", Act.DANGER, Opening.NONE, (frozenset({"112"}),))


@pytest.mark.parametrize(
    ("label", "conveyed", "faults"),
    [
        (FEES, SILENT, ()),
        (FEES, Conveyed(Act.OUTAGE, Opening.NOT_SAID, ("N1", "S24")), ()),  # an act that is near enough
        (FEES, Conveyed(Act.ANSWER, Opening.YES, ("N1", "S24")), ("opening yes for not_said",)),
        (FEES, Conveyed(Act.ANSWER, Opening.NOT_SAID, ("N1",)), ("lacks S24",)),
        (FEES, Conveyed(Act.ANSWER, Opening.NOT_SAID, ("N1", "S24", "S6")), ("says S6",)),
        (FEES, NOTHING, ("act None for answer", "opening none for not_said", "lacks N1", "lacks S24")),
        (
            LabelledTurn("fire!", Act.DANGER, Opening.NONE, (frozenset({"112"}),)),
            SILENT,
            ("act answer for danger", "lacks 112"),
        ),
        (LabelledTurn("hello", Act.GREET, Opening.NONE), Conveyed(Act.GREET, Opening.OPEN), ()),
        (
            LabelledTurn("x", Act.ANSWER, Opening.OPEN, (frozenset({"N5", "S24"}),)),
            SILENT,
            ("opening not_said for open",),
        ),
    ],
)
def test_faults(label: LabelledTurn, conveyed: Conveyed, faults: tuple[str, ...]) -> None:
    assert faults_of(label, conveyed) == faults


def test_figures() -> None:
    turns = [JudgedTurn("a", 1, FEES, (), "x", ()), JudgedTurn("a", 2, FIRE, (), "x", ("act answer for danger",))]
    figures = figures_of(turns)
    assert (figures.right, figures.follow_ups, figures.danger_missed) == (0.5, 0.0, 1)
    assert figures.by_act == {"answer": (1, 1), "danger": (0, 1)}


@pytest.mark.parametrize("group", [DEVELOPMENT, UNTOUCHED])
def test_the_held_out_conversations_can_be_read(group: str) -> None:
    conversations = held_out_conversations(group)
    assert len(conversations) == 400
    assert all(turn.said.strip() for one in conversations for turn in one.turns)


def test_labels_may_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    said, labels = tmp_path / "said.jsonl", tmp_path / "labels.jsonl"
    said.write_text(json.dumps({"name": "a", "as_of": "2020-03-25", "turns": [{"said": "hi"}]}), encoding="utf-8")
    label = {"act": "greet", "opening": "none", "must": [[]]}
    labels.write_text(json.dumps({"name": "a", "ended": True, "turns": [label]}), encoding="utf-8")
    (one,) = read_conversations([said], labels)
    assert (one.ended, one.turns) == (True, (LabelledTurn("hi", Act.GREET, Opening.NONE),))
