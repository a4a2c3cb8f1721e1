"""The servers run without TensorFlow, and the stub refuses to compute with a clear error."""

import subprocess
import sys

import pytest

from bot.settings import PROJECT

pytestmark = pytest.mark.rasa
PREPARED = """
import sys
from bot.observing.logs import quiet
from bot.rasa.without_tensorflow import leave_out_tensorflow
quiet()
leave_out_tensorflow()
"""
BOOTED = """
import sys
from bot.rasa.boot import boot
from bot.rasa.processes import Process
boot(Process.RASA_SERVER)
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    """A program in a process of its own."""
    return subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False)


def test_the_rasa_server_loads_nothing_of_tensorflow() -> None:
    loaded = "print([name for name in sys.modules if name.startswith(('tensorflow.python', 'keras.engine'))])"
    assert run(f"{BOOTED}import bot.server.rasa_serving\n{loaded}").stdout.strip() == "[]"


def test_every_component_of_rasa_can_be_named() -> None:
    done = run(f"{PREPARED}import rasa.engine.recipes.default_components\nprint('named')")
    assert done.stdout.strip() == "named", done.stderr


@pytest.mark.parametrize(
    "use",
    [
        "from rasa.utils.tensorflow.models import RasaModel as used",
        "from tensorflow import constant as used",
        "from tensorflow.keras.layers import Dense as used",
    ],
)
def test_who_would_compute_with_it_is_told(use: str) -> None:
    done = run(f"{PREPARED}{use}\nused('x')")
    assert "NoTensorFlow" in done.stderr
    assert "which this process does without" in done.stderr


def test_where_it_is_loaded_it_stays() -> None:
    done = run(f"import tensorflow\n{PREPARED}print(tensorflow.constant(2).numpy())")
    assert done.stdout.strip() == "2", done.stderr
