"""Rasa behaviour that is patched out."""

import pytest
import rasa.shared.utils.cli

from bot.channels.conversation import TurnFailed
from bot.observing.current_turn import begin_turn
from bot.rasa.left_out import say_no_success
from bot.rasa.whole_turns import save_whole_turns


def test_the_end_of_a_training_is_not_announced(capsys: pytest.CaptureFixture[str]) -> None:
    rasa.shared.utils.cli.print_color("The model is there.", color="green")  # what Rasa's own does
    assert "The model is there." in capsys.readouterr().out
    say_no_success("The model is there.")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("whole_only", "has_failed"), [(True, False), (False, True), (False, False)])
async def test_a_turn_is_kept(whole_only: bool, has_failed: bool) -> None:
    assert await kept(whole_only, has_failed)


async def test_a_turn_that_is_tried_again_is_not_kept_when_it_failed() -> None:
    with pytest.raises(TurnFailed):
        await kept(True, True)


async def kept(whole_only: bool, has_failed: bool) -> bool:
    """Whether Rasa's own method to save a turn was called."""
    saved: list[object] = []

    async def save(_: object, tracker: object) -> None:
        saved.append(tracker)

    begin_turn(whole_only=whole_only).has_failed = has_failed
    await save_whole_turns(save)(None, "a tracker")
    return saved == ["a tracker"]
