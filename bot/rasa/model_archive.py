"""Unpacks a model's archive safely: only folders and regular files below one folder (no path traversal).

It does not use `tarfile`'s `filter="data"`: Python 3.11.0 to 3.11.3 lack it (Debian 12 has 3.11.2), and before 3.11.13
links could lead out of the folder in spite of it. A Rasa model has no links, so links are refused here.
"""

import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import IO, cast


class UnsafeArchive(ValueError):
    """An archive contains an entry that no model has; the message names it."""


def unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Write an archive's files below a folder that only this user may write to; owners, modes and times are new.

    Raises:
        UnsafeArchive: an entry lies outside of the folder, occurs twice, or is neither a file nor a folder. The entries
            before it have been written.
    """
    for entry in archive:
        place = _place(entry, folder)
        if entry.isdir():
            place.mkdir(parents=True, exist_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        content = cast(IO[bytes], archive.extractfile(entry))  # None only for entries that are not regular files
        try:
            with place.open("xb") as file:
                shutil.copyfileobj(content, file)
        except FileExistsError as error:
            raise UnsafeArchive(f"its archive holds {entry.name!r} twice") from error


def _place(entry: tarfile.TarInfo, folder: Path) -> Path:
    name = PurePosixPath(entry.name)
    if name.is_absolute() or ".." in name.parts:
        raise UnsafeArchive(f"its archive holds {entry.name!r}, which lies outside of it")
    if not (entry.isdir() or entry.isreg()):
        raise UnsafeArchive(f"its archive holds {entry.name!r}, which is neither a file nor a folder")
    return folder / name
