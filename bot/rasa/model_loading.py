"""Rasa unpacks only models with a valid signature, and reports a model that cannot be loaded."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.keys.model_signatures import sign, verified
from bot.rasa.model_archive import unpack


class ModelNotLoaded(RuntimeError):
    """A model cannot be used; the message says why."""


def extract_verified(archive: str | Path, folder: Path) -> None:
    """Verify a model's signature and unpack it, at the one place where Rasa unpacks an archive.

    So models from Rasa's HTTP API and model servers are verified as well.

    Raises:
        UntrustedModel: the signature is not valid.
    """
    # Unpacks the verified bytes: the file may have been replaced by now (TOCTOU).
    with tarfile.open(fileobj=io.BytesIO(verified(Path(archive))), mode="r:gz") as tar:
        unpack(tar, Path(folder))
    LocalModelStorage._assert_not_rasa2_archive(folder)


def signed_package(create: Callable[..., Any]) -> Callable[..., Any]:
    """`LocalModelStorage.create_model_package`, which also signs the model.

    Raises:
        SettingsError: there is no key to sign with.
    """

    def create_signed(self: LocalModelStorage, model_archive_path: str | Path, *arguments: Any, **options: Any) -> Any:
        metadata = create(self, model_archive_path, *arguments, **options)
        sign(Path(model_archive_path))
        return metadata

    return create_signed


def note_load_error(load: Callable[..., None]) -> Callable[..., None]:
    """`Agent.load_model`, which stores the error in the agent; Rasa's `load_agent` swallows it."""

    def noting(agent: Agent, *arguments: Any, **options: Any) -> None:
        try:
            load(agent, *arguments, **options)
        except Exception as error:
            agent.load_error = error
            raise

    return noting


def check_loaded(agent: Agent, model: str) -> None:
    """Check that the agent has its model.

    Raises:
        ModelNotLoaded: it has none; the message says why.
    """
    if not agent.is_ready():
        error = getattr(agent, "load_error", "Rasa does not say why")
        raise ModelNotLoaded(f"The model {model} cannot be used: {' '.join(str(error).split())}")
