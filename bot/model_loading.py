"""Rasa unpacks only models whose signature fits."""

import io
import tarfile
from pathlib import Path

from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.model_signing import verified


def load_signed_models_only() -> None:
    """From now on, whatever lets Rasa open a model in this process opens a verified one, or raises `UntrustedModel`.

    At the one place where Rasa unpacks an archive, so that its HTTP API and model servers are held to it as well.
    """
    LocalModelStorage._extract_archive_to_directory = staticmethod(_extract_verified)


def _extract_verified(archive: str | Path, folder: Path) -> None:
    # Unpacked from the bytes that were verified: the file may be another one by now.
    with tarfile.open(fileobj=io.BytesIO(verified(Path(archive))), mode="r:gz") as tar:
        tar.extractall(folder, filter="data")
