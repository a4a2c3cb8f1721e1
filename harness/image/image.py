"""Builds the image, and describes it."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings import PROJECT
from harness.image import CERTIFICATES, DOCKERFILE, ImageError
from harness.image.programs import run

BASE, IMAGE = "localhost/assistant-base", "localhost/elektrum-assistant"
BUILD, QUICK = 3600.0, 300.0  # seconds


@dataclass(frozen=True)
class Configuration:
    """The image's configuration for running it."""

    entrypoint: list[str]
    command: list[str]
    environment: dict[str, str]
    user: int
    group: int
    folder: str
    health: list[str]
    stop_signal: str


class Images:
    """A buildah storage in its own folder, without cached layers."""

    def __init__(self, folder: Path, log: Path) -> None:
        """Nothing is built yet.

        Args:
            folder: of the storage; the caller removes it.
            log: for all output of buildah.
        """
        self.log, self._folder = log, folder

    def import_base(self, base: Path) -> None:
        """The folder as the image `BASE`."""
        container = self._buildah("from", "scratch").strip()
        root = self._buildah("mount", container).strip()
        run(["cp", "-a", f"{base}/.", root], self.log, seconds=QUICK)
        self._buildah("umount", container)
        self._buildah("commit", "--quiet", "--rm", container, BASE)

    def build(self, model_signing_key: Path) -> None:
        """The image from the Dockerfile, as it is built elsewhere, except for its base."""
        given = ["--build-arg", f"BASE={BASE}", "--secret", f"id=model_signing_key,src={model_signing_key}"]
        if CERTIFICATES.is_file():
            given += ["--volume", f"{CERTIFICATES}:{CERTIFICATES}:ro"]
        # Docker's own format, since OCI's has no health check.
        how = ["--isolation", "chroot", "--format", "docker", "--layers=false"]
        self._buildah("bud", *how, *given, "-f", str(DOCKERFILE), "-t", IMAGE, str(PROJECT), seconds=BUILD)

    def root(self) -> Path:
        """The root file system of the image, readable by every user."""
        container = self._buildah("from", "--pull-never", IMAGE).strip()
        root = Path(self._buildah("mount", container).strip())
        # vfs keeps it private; the image's user needs access.
        for parent in root.relative_to(self._folder).parents:
            (self._folder / parent).chmod(0o711)
        return root

    def configuration(self) -> Configuration:
        """How the image is to be run."""
        found = self._inspected()["Docker"]["config"]
        user, _, group = found["User"].partition(":")
        if not (user.isdecimal() and group.isdecimal()):
            raise ImageError(f"the image's user is {found['User']!r}; Kubernetes knows no root by numbers only")
        return Configuration(
            entrypoint=found["Entrypoint"],
            command=found["Cmd"],
            environment=dict(each.split("=", 1) for each in found["Env"]),
            user=int(user),
            group=int(group),
            folder=found["WorkingDir"],
            health=found["Healthcheck"]["Test"][1:],
            stop_signal=found["StopSignal"],
        )

    def layers(self, folder: Path) -> list[Path]:
        """The image as a registry would get it, in a new folder: layers, as tar archives, and descriptions."""
        self._buildah("push", "--quiet", "--disable-compression", IMAGE, f"dir:{folder}", seconds=QUICK)
        return sorted(path for path in folder.iterdir() if path.is_file())

    def close(self) -> None:
        """Unmount everything, and remove the storage."""
        self._buildah("umount", "--all")
        shutil.rmtree(self._folder)

    def _inspected(self) -> dict[str, Any]:
        return dict(json.loads(self._buildah("inspect", "--type", "image", IMAGE)))

    def _buildah(self, *arguments: str, seconds: float = QUICK) -> str:
        command: list[str | Path] = ["buildah", "--root", self._folder / "storage", "--runroot", self._folder / "run"]
        return run([*command, "--storage-driver", "vfs", *arguments], self.log, seconds=seconds)
