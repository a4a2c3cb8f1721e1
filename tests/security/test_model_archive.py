"""Unpacking model archives: nothing is written elsewhere (path traversal), whatever Python's `tarfile` supports."""

import io
import tarfile
from pathlib import Path

import pytest

from bot.rasa.model_archive import UnsafeArchive, unpack

CONTENT = b"content"


def entry(name: str, kind: bytes = tarfile.REGTYPE, to: str = "", mode: int = 0o644) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.mode, made.uid = kind, to, mode, 12345
    made.size = len(CONTENT) if kind == tarfile.REGTYPE else 0
    return made


FILE = entry("components/part/model.txt")


def unpacked(folder: Path, *entries: tarfile.TarInfo) -> list[str]:
    """What has been written after an archive of these entries was unpacked into `folder / "model"`."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for each in entries:
            tar.addfile(each, io.BytesIO(CONTENT) if each.size else None)
    packed.seek(0)
    target = folder / "model"
    target.mkdir()
    with tarfile.open(fileobj=packed, mode="r:gz") as tar:
        unpack(tar, target)
    return written(folder)


def written(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


REFUSED = [
    pytest.param([entry("../outside")], "outside", id="above"),
    pytest.param([entry("part/../../outside")], "outside", id="above, from within"),
    pytest.param([entry("/srv/assistant-outside")], "outside", id="from the root"),
    pytest.param([entry("//srv/assistant-outside")], "outside", id="from the root, doubled"),
    pytest.param([entry("..", tarfile.DIRTYPE)], "outside", id="the folder above"),
    pytest.param([entry("link", tarfile.SYMTYPE, "/etc")], "neither", id="a link out"),
    pytest.param([entry("link", tarfile.SYMTYPE, "part")], "neither", id="a link inside"),
    pytest.param([entry("way", tarfile.SYMTYPE, ".."), entry("way/outside")], "neither", id="over a link"),
    pytest.param([entry("link", tarfile.LNKTYPE, "/etc/passwd")], "neither", id="a hard link"),
    pytest.param([entry("tap", tarfile.FIFOTYPE)], "neither", id="a pipe"),
    pytest.param([entry("disk", tarfile.BLKTYPE)], "neither", id="a block device"),
    pytest.param([entry("null", tarfile.CHRTYPE)], "neither", id="a character device"),
    pytest.param([FILE, FILE], "twice", id="a file twice"),
]


@pytest.mark.parametrize(("entries", "told"), REFUSED)
def test_what_no_model_holds_is_refused(tmp_path: Path, entries: list[tarfile.TarInfo], told: str) -> None:
    with pytest.raises(UnsafeArchive, match=told):
        unpacked(tmp_path, *entries)
    assert written(tmp_path) in ([], ["model/components/part/model.txt"])


def test_files_and_folders_are_written(tmp_path: Path) -> None:
    folder = entry("components", tarfile.DIRTYPE)
    assert unpacked(tmp_path, entry("", tarfile.DIRTYPE), folder, FILE) == ["model/components/part/model.txt"]
    assert (tmp_path / "model/components/part/model.txt").read_bytes() == CONTENT


def test_an_archive_says_nothing_of_owners_and_rights(tmp_path: Path) -> None:
    unpacked(tmp_path, entry("program", mode=0o6777))
    found = (tmp_path / "model/program").stat()
    assert (found.st_mode & 0o7111, found.st_uid == 12345) == (0, False)


def test_python_without_filters_unpacks_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.11.2, which is Debian 12's, has neither the argument nor the functions."""
    for name in ("data_filter", "tar_filter", "fully_trusted_filter"):
        monkeypatch.delattr(tarfile, name, raising=False)
    monkeypatch.delattr(tarfile.TarFile, "extraction_filter", raising=False)
    monkeypatch.delattr(tarfile.TarFile, "extractall")
    assert unpacked(tmp_path, FILE) == ["model/components/part/model.txt"]
