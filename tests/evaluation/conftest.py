"""Made-up results for the report and the baseline."""

import pytest
from made_up import result  # beside this file

from bot.evaluation.understanding_figures import Found
from bot.training.sentences import SETS


@pytest.fixture
def found() -> Found:
    """Ten sentences per set, all correct except the second questions of double messages."""
    return {
        name: [result(name, number, "out_of_scope" if number % 2 else "a") for number in range(10)] for name in SETS
    }
