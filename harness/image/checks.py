"""Checks of the running image, and of its contents."""

import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from harness.image import ImageError
from harness.image.contained import Container, Process
from harness.topology.visitor import Visitor

# Both are answered from the announcement, on any day.
ASKED = {
    "lv": ("Vai man atslēgs elektrību, ja kavēšu rēķinu?", "neatslēdz"),
    "en": ("Will you cut off my power if I pay late?", "does not disconnect"),
}
COMMAND = 120.0  # timeout in seconds for a command
# The minimal grace period of compose.yml and Kubernetes.
GRACE = 15.0
MEBIBYTE = 1 << 20


def nothing_of(found: Iterable[str], what: str) -> None:
    """Require that nothing was found.

    Raises:
        ImageError: something was found; with the first finding.
    """
    listed = list(found)
    if listed:
        raise ImageError(f"{what}: {', '.join(listed[:10])}{' …' if len(listed) > 10 else ''}")


def ends_well(container: Container, *arguments: str, **variables: str) -> str:
    """Require that a command in the container exits with status 0; returns its output.

    Raises:
        ImageError: it did not; with its output.
    """
    command = container.command(*arguments, **variables)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise ImageError(f"{' '.join(arguments)} had not ended after {COMMAND:.0f} s") from error
    if done.returncode:
        said = (done.stdout + done.stderr)[-2000:]
        raise ImageError(f"{' '.join(arguments)} ended with status {done.returncode}: {said}")
    return done.stdout


def fails(container: Container, *arguments: str, **variables: str) -> None:
    """Require that a command in the container fails."""
    try:
        ends_well(container, *arguments, **variables)
    except ImageError:
        return
    raise ImageError(f"{' '.join(arguments)} went well, and must not")


def writes_nowhere_else(container: Container) -> None:
    """The user can write to its own folders, and to nothing else."""
    for mount in container.tmpfs:
        ends_well(container, "sh", "-c", f"echo written > {mount.partition(':')[0]}/written")
    for folder in ("/app", "/app/bot", "/app/models", "/app/.venv/bin", "/etc", "/", "/run", "/run/secrets"):
        fails(container, "sh", "-c", f"echo written > {folder}/written")


def has_no_rights(container: Container) -> None:
    """It runs as the image's user, without any capability, and cannot gain one."""
    status = ends_well(container, "cat", "/proc/self/status")
    lines = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    held = {name: value for name, value in lines.items() if name.startswith("Cap") and int(value, 16)}
    users = set(lines["Uid"].split())
    if held or lines["NoNewPrivs"] != "1" or users != {str(container.image.user)}:
        raise ImageError(f"it runs with rights: user {sorted(users)}, {held}, NoNewPrivs {lines['NoNewPrivs']}")


def answers(url: str) -> None:
    """The website's channel answers in both languages."""
    for language, (question, expected) in ASKED.items():
        said = Visitor(url, patience=20, language=language).say(question)
        if expected not in said.answer:
            raise ImageError(f"{question!r} was answered with {said.answer!r}, without {expected!r}")


def memory(process: Process) -> float:
    """Memory of a server and its container, in MiB."""
    return float(sum(member.memory_info().rss for member in process.family())) / MEBIBYTE


def ends_in_time(process: Process) -> float:
    """It exits with status 0 on SIGTERM; returns after how many seconds."""
    began = time.monotonic()
    status = process.stop()
    seconds = time.monotonic() - began
    if status != 0 or seconds > GRACE:
        raise ImageError(
            f"{process.name} ended with status {status} after {seconds:.1f} s. Its log: {_end(process.log)}"
        )
    return seconds


def _end(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2000:]
