"""Finds what must not be in an image: private keys and secrets, compilers, files that its user may write to."""

import os
import re
import stat
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from harness.image import ImageError

# A private key with its body; libraries contain only the header line.
ANY_KEY = "a private key"
PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s:,-]{64}")
# Keys that are published as examples in documentation of functions.
EXAMPLES = re.compile(r"/site-packages/twilio/rest/chat/v1/(__pycache__/)?credential\.[\w.-]+$")
SECRET_FILES = re.compile(
    r"(^|/)(\.env|assistant\.env|id_(rsa|ed25519|ecdsa)|model-signing\.key|(app/)?deploy/secrets)(/|$)"
)
COMPILERS = re.compile(r"^(gcc|g\+\+|cc|c\+\+|cpp|clang|tcc|ld|as|make|rustc|go)(-[\d.]+)?$")
# Folders that a container mounts over, or that are world-writable on every system.
WRITABLE = {"tmp", "var/tmp", "var/lib/assistant", "run/lock", "dev", "proc", "sys"}
# The magic bytes of programs and libraries; GnuTLS contains a key for its self-test.
PROGRAM = b"\x7fELF"
COMPRESSED = b"\x1f\x8b"  # magic bytes of gzip
PIECE = 1 << 20  # bytes per chunk


def leaks(files: Iterable[Path], secrets: dict[str, bytes]) -> Iterator[str]:
    """Secrets in an image: in its layers (tar archives) and its descriptions.

    Args:
        secrets: bytes that no file may contain, by name.

    Raises:
        ImageError: a layer cannot be read.
    """
    for path in files:
        with path.open("rb") as file:
            if file.read(2) == COMPRESSED:
                raise ImageError(f"{path.name} is compressed, so that it cannot be looked into")
            file.seek(0)
            if not tarfile.is_tarfile(path):
                yield from (f"{path.name} holds {what}" for what in _told(file, secrets))
                continue
            with tarfile.open(fileobj=file, mode="r:") as layer:
                for entry in layer:
                    if SECRET_FILES.search(entry.name):
                        yield f"a layer holds {entry.name}"
                    content = layer.extractfile(entry) if entry.isreg() else None
                    told = _told(content, secrets) if content else ()
                    is_example = EXAMPLES.search(entry.name)
                    yield from (f"{entry.name} holds {what}" for what in told if what != ANY_KEY or not is_example)


def _told(content: IO[bytes], secrets: dict[str, bytes]) -> Iterator[str]:
    overlap = max([256, *map(len, secrets.values())])
    found, end = set(), content.read(len(PROGRAM))
    is_program = end == PROGRAM
    while piece := content.read(PIECE):
        seen = end + piece
        found |= {name for name, value in secrets.items() if value in seen}
        if not is_program and b"PRIVATE KEY-----" in seen and PRIVATE_KEY.search(seen):
            found.add(ANY_KEY)
        end = seen[-overlap:]
    yield from sorted(found)


def writable(root: Path, user: int, group: int) -> Iterator[str]:
    """Paths of a root file system that its user may change, besides the writable folders."""
    for path, found in _everything(root):
        may = (
            found.st_mode & stat.S_IWOTH
            or (found.st_uid == user)  # the owner may grant the permission
            or (found.st_gid == group and found.st_mode & stat.S_IWGRP)
        )
        if may and not stat.S_ISLNK(found.st_mode):
            yield path


def compilers(root: Path) -> Iterator[str]:
    """Compilers and linkers among the programs of a root file system."""
    for folder in ("bin", "usr/bin", "usr/local/bin", "app/.venv/bin"):
        if (root / folder).is_dir():
            yield from (f"{folder}/{path.name}" for path in (root / folder).iterdir() if COMPILERS.match(path.name))


def state(root: Path) -> dict[str, tuple[int, ...]]:
    """The state of a root file system: kind, permissions, owner, size and modification time of each path."""
    return {
        path: (found.st_mode, found.st_uid, found.st_gid, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        for path, found in _everything(root)
    }


def _everything(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    for folder, folders, names in os.walk(root):
        here = Path(folder).relative_to(root)
        folders[:] = [name for name in folders if str(here / name) not in WRITABLE]
        for name in [*folders, *names]:
            yield str(here / name), (root / here / name).lstat()
