"""The model of the current training data: where it is, and training it when it is missing.

A model's file name contains a digest of all its sources, so a look at the folder tells whether anything has changed,
without importing Rasa and without other state. Training takes unchanged components from Rasa's own cache.
"""

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from bot.keys.model_signatures import UntrustedModel, sign, signature_of, verified
from bot.nlu.progress import TrainingStep, listening, reached
from bot.rasa.boot import boot
from bot.rasa.processes import Process
from bot.rasa.quiet_training import quiet_training
from bot.settings import PROJECT, settings
from bot.training.shown_progress import ShownProgress

TRAINING_FOLDERS = ("data/nlu", "data/rules", "data/stories")  # what Rasa reads itself
FILES = (
    "config.yml",
    "domain.yml",
    "bot/domain_names.py",
    "bot/message_limits.py",
    "bot/parse_result.py",
    "bot/rasa/importer.py",
)
FOLDERS = (
    *TRAINING_FOLDERS,
    "data/responses",
    "data/danger",
    "data/language",
    "data/lexicon",
    "bot/nlu",
    "bot/sentence_vectors",
    "bot/words",
    "bot/training",
)
PACKAGES = ("rasa", "scikit-learn", "numpy", "spacy", "pyspellchecker")
PREFIX = "assistant-"


class TrainingError(RuntimeError):
    """Training failed; the message says why, in one sentence."""


def sources(project: Path = PROJECT) -> list[Path]:
    """Every source file of a model."""
    inside = [
        path for folder in FOLDERS for path in (project / folder).rglob("*") if path.suffix in {".yml", ".txt", ".py"}
    ]
    return sorted([project / name for name in FILES] + inside)


def digest(project: Path = PROJECT) -> str:
    """A digest of the sources and of the versions of the libraries that matter."""
    seen = hashlib.sha256()
    for path in sources(project):
        seen.update(str(path.relative_to(project)).encode() + b"\0" + path.read_bytes() + b"\0")
    for package in PACKAGES:
        seen.update(f"{package}={version(package)}".encode())
    return seen.hexdigest()[:12]


def model_path() -> Path:
    """The path of the current sources' model, whether or not it exists."""
    return settings().models / f"{PREFIX}{digest()}.tar.gz"


def train(report: Callable[[str], None], *, force: bool = False) -> Path:
    """Train and sign the model unless a signed one exists; returns its path.

    Args:
        report: told what is being done, one line at a time.
        force: train although nothing has changed, without Rasa's cache.

    Raises:
        TrainingError: Rasa could not make a model.
        SettingsError: there is no key to sign it with.
    """
    target = model_path()
    if not force and _is_there(target, report):
        report("The model is up to date.")
        return target
    with listening(ShownProgress(report)):
        return _made(target, force=force)


def _made(target: Path, *, force: bool) -> Path:
    """Train into a file, sign it, and delete the earlier models."""
    reached(TrainingStep.LOADING)
    boot(Process.TRAINING)
    import rasa.model_training

    try:
        reached(TrainingStep.READING)
        with quiet_training():
            result = rasa.model_training.train(
                domain=str(PROJECT / "domain.yml"),
                config=str(PROJECT / "config.yml"),
                training_files=[str(PROJECT / folder) for folder in TRAINING_FOLDERS],
                output=str(target.parent),
                fixed_model_name=target.name.removesuffix(".tar.gz"),
                force_training=force,
            )
    except (Exception, SystemExit) as error:  # Rasa calls sys.exit for some faults of the data
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
    """Whether a model exists with a valid signature; an unsigned one may be anything, so it is trained anew."""
    if not model.exists():
        return False
    try:
        verified(model)
    except UntrustedModel as error:
        report(f"{error} It is trained again now.")
        return False
    return True


def _root_cause(error: BaseException) -> str:
    """The original error: Rasa wraps errors of components in its own."""
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
