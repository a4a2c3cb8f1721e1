"""Runs external programs with a timeout, after which they and their children are killed."""

import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from harness.image import ImageError

TAIL = 3000  # characters of a log that are shown


def run(command: Sequence[str | Path], log: Path, *, seconds: float) -> str:
    """Run a program; returns its standard output.

    Args:
        log: gets its standard error, and its output if it fails.
        seconds: timeout.

    Raises:
        ImageError: it is not installed, failed, or timed out; with the end of its output.
    """
    name = Path(command[0]).name
    if shutil.which(command[0]) is None:
        raise ImageError(f"{name} is not installed; 'scripts/deploy-check' as root installs it.")
    with log.open("ab") as errors:
        process = subprocess.Popen(  # noqa: S603 (our own commands)
            [str(each) for each in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        )
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise ImageError(f"{name} had not ended after {seconds:.0f} s. {_end_of(log)}") from error
        finally:
            _end(process)
    if process.returncode:
        with log.open("ab") as errors:
            errors.write(output)
        raise ImageError(f"{' '.join(map(str, command))[:200]} ended with status {process.returncode}. {_end_of(log)}")
    return output.decode(errors="replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill it and its children, if it still runs."""
    if process.poll() is not None:
        return
    with suppress(psutil.NoSuchProcess):
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(family, timeout=10)
    process.wait()


def _end_of(log: Path) -> str:
    return f"The end of its log:\n{log.read_text(encoding='utf-8', errors='replace')[-TAIL:]}"
