"""Which model belongs to the training data as they are, and making it when it is missing.

A model's file name carries a digest of everything that it was made from, so "has anything changed?" is a look at the
folder: no import of Rasa, no state besides. What did not change is taken from Rasa's own cache when training.
"""

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.model_signing import UntrustedModel, sign, signature_of, verified
from bot.settings import PROJECT, settings

FILES = ("config.yml", "domain.yml")
FOLDERS = (
    "data/nlu",
    "data/rules",
    "data/stories",
    "data/responses",
    "data/language",
    "data/lexicon",
    "bot/nlu",
    "bot/training",
)
PACKAGES = ("rasa", "scikit-learn", "numpy", "spacy", "pyspellchecker")
PREFIX = "assistant-"


class TrainingError(RuntimeError):
    """Training failed; the message says why, in one sentence."""


def sources(project: Path = PROJECT) -> list[Path]:
    """Every file that a model is made from."""
    inside = [
        path for folder in FOLDERS for path in (project / folder).rglob("*") if path.suffix in {".yml", ".txt", ".py"}
    ]
    return sorted([project / name for name in FILES] + inside)


def digest(project: Path = PROJECT) -> str:
    """A digest of the sources and of the libraries that matter."""
    seen = hashlib.sha256()
    for path in sources(project):
        seen.update(str(path.relative_to(project)).encode() + b"\0" + path.read_bytes() + b"\0")
    for package in PACKAGES:
        seen.update(f"{package}={version(package)}".encode())
    return seen.hexdigest()[:12]


def model_path() -> Path:
    """Where the model for the present sources is, or will be."""
    return settings().models / f"{PREFIX}{digest()}.tar.gz"


def train(report: Callable[[str], None], *, force: bool = False) -> Path:
    """Train and sign unless the model is there already, signed; gives back its path.

    Args:
        report: told what is being done, one line at a time.
        force: train although nothing has changed, without Rasa's cache.

    Raises:
        TrainingError: Rasa could not make a model.
        SettingsError: it cannot be signed here.
    """
    target = model_path()
    if not force and _is_there(target, report):
        report("The model is up to date.")
        return target
    from bot.server.logs import quiet
    from bot.server.without_tensorflow import leave_out_tensorflow

    quiet()
    leave_out_tensorflow()
    report("Loading Rasa …")
    import rasa.model_training

    from bot.server.logs import quiet_structlog

    quiet_structlog()
    try:
        with quietly(report):
            result = rasa.model_training.train(
                domain=str(PROJECT / "domain.yml"),
                config=str(PROJECT / "config.yml"),
                training_files=[str(PROJECT / "data" / part) for part in ("nlu", "rules", "stories")],
                output=str(target.parent),
                fixed_model_name=target.name.removesuffix(".tar.gz"),
                force_training=force,
            )
    except (Exception, SystemExit) as error:  # Rasa ends the process for some faults of the data
        raise TrainingError(f"Training failed: {_root_cause(error)}") from error
    if not result.model or not target.exists():
        raise TrainingError(f"Training ended without a model (Rasa's code {result.code}).")
    sign(target)
    for old in target.parent.glob(f"{PREFIX}*.tar.gz"):
        if old != target:
            old.unlink()
            signature_of(old).unlink(missing_ok=True)
    return target


def _is_there(model: Path, report: Callable[[str], None]) -> bool:
    """Whether a model can be used as it is; what nobody has signed may be anything, so it is made anew."""
    if not model.exists():
        return False
    try:
        verified(model)
    except UntrustedModel as error:
        report(f"{error} It is made anew now.")
        return False
    return True


def _root_cause(error: BaseException) -> str:
    """What really went wrong: Rasa wraps errors of components in its own."""
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


class quietly:  # noqa: N801 (used like a function)
    """Within the block, Rasa's progress bars are off and its training steps are reported."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report

    def __enter__(self) -> None:
        import logging

        import rasa.shared.utils.cli
        import tqdm

        outer = self._report

        class Steps(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                message = record.getMessage()
                if message.startswith(("Starting to train component", "Restored component")):
                    outer(
                        message.replace("Starting to train component", "Training")
                        .replace("Restored", "Taking")
                        .rstrip(".")
                    )

        self._logger = logging.getLogger("rasa.engine.training.hooks")
        self._steps = Steps()
        self._before = (
            self._logger.level,
            self._logger.propagate,
            tqdm.tqdm.__init__,
            rasa.shared.utils.cli.print_success,
        )
        self._logger.setLevel(logging.INFO)
        self._logger.propagate = False
        self._logger.addHandler(self._steps)
        original = tqdm.tqdm.__init__

        def silent(self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **{**kwargs, "disable": True})

        tqdm.tqdm.__init__ = silent
        rasa.shared.utils.cli.print_success = lambda *_: None

    def __exit__(self, *_: object) -> None:
        import rasa.shared.utils.cli
        import tqdm

        self._logger.removeHandler(self._steps)
        level, propagate, init, print_success = self._before
        self._logger.setLevel(level)
        self._logger.propagate = propagate
        tqdm.tqdm.__init__ = init
        rasa.shared.utils.cli.print_success = print_success
