"""Starts programs of an image as a container engine does: as its user, without capabilities, on a read-only root."""

import re
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from harness.image.image import Configuration
from harness.topology import Part

SECRETS = "/run/secrets"
# Mounted from the machine over the image's own, as engines do.
OF_THE_MACHINE = ("/etc/hosts", "/etc/resolv.conf")
NO_RIGHTS = ["--clear-groups", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"]
UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


@dataclass(frozen=True)
class Container:
    """How each process of an image is started here.

    Attributes:
        root: its root file system, mounted read-only.
        image: its user, environment and folder.
        tmpfs: what is writable, as compose.yml writes it: "/tmp:mode=1777,size=64m".
        secrets: a folder of files that is mounted read-only at `SECRETS`.
        environment: overrides the image's.
    """

    root: Path
    image: Configuration
    tmpfs: list[str]
    secrets: Path
    environment: dict[str, str]

    def command(self, *arguments: str, **variables: str) -> list[str]:
        """The command that runs another one in the container, as PID 1, in the network of this machine."""
        user = [f"--reuid={self.image.user}", f"--regid={self.image.group}"]
        # No more than this: as an unprivileged user bubblewrap needs only a user namespace.
        made = ["setpriv", *user, *NO_RIGHTS, "--", "bwrap", "--ro-bind", str(self.root), "/"]
        made += ["--proc", "/proc", "--dev", "/dev"]
        made += ["--perms", "0555", "--tmpfs", "/run", "--ro-bind", str(self.secrets), SECRETS]
        for path in OF_THE_MACHINE:
            if (self.root / path[1:]).is_file():
                made += ["--ro-bind-try", path, path]
        for each in self.tmpfs:
            made += _tmpfs(each)
        made += ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--as-pid-1", "--new-session", "--die-with-parent"]
        made += ["--chdir", self.image.folder, "--clearenv"]
        for name, value in {**self.image.environment, **self.environment, **variables}.items():
            made += ["--setenv", name, value]
        return [*made, "--", *arguments]

    def part(self, name: str, log: Path, is_ready: Callable[[], bool], *arguments: str, **variables: str) -> "Process":
        """A server of the image; `arguments` as compose.yml has them under `command`."""
        command = self.command(*self.image.entrypoint, *arguments, **variables)
        return Process(name, command, log, is_ready, stop_signal=signal.Signals[self.image.stop_signal])


class Process(Part):
    """PID 1 of a container: signals go to it and not to bubblewrap, which only waits for it."""

    def _ask_to_end(self) -> None:
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            for child in psutil.Process(self.pid).children():
                child.send_signal(self.stop_signal)


def _tmpfs(mount: str) -> list[str]:
    """Convert a tmpfs line of compose.yml for bubblewrap, which gives it to the user that it runs as."""
    path, _, text = mount.partition(":")
    options = dict(each.split("=", 1) for each in text.split(",")) if text else {}
    made = ["--perms", options.get("mode", "1777")]
    if size := re.fullmatch(r"(\d+)([kmg])", options.get("size", "")):
        made += ["--size", str(int(size[1]) * UNITS[size[2]])]
    return [*made, "--tmpfs", path]
