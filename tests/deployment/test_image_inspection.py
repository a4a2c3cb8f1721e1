"""`make deploy-check` finds what must not be in an image."""

import gzip
import io
import os
import tarfile
from pathlib import Path

import pytest

from bot.keys.model_signatures import new_keys
from harness.image import ImageError
from harness.image.base import with_security_updates
from harness.image.inspection import PIECE, compilers, leaks, state, writable

KEY = new_keys().private.encode()
SECRETS = {"the signing key": KEY}
USER = 10001
PEM = b"-----BEGIN PRIVATE KEY-----\n" + b"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" * 4 + b"\n-----END PRIVATE KEY-----\n"


def layer(folder: Path, name: str, content: bytes = b"") -> Path:
    """A layer with one file, as buildah writes it."""
    path = folder / "layer"
    with tarfile.open(path, "w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        pytest.param("app/var/x", b"x" + KEY, ["app/var/x holds the signing key"], id="a secret"),
        pytest.param("big", b"x" * (PIECE - 7) + KEY, ["big holds the signing key"], id="a secret across two pieces"),
        pytest.param("k.pem", PEM, ["k.pem holds a private key"], id="any private key"),
        pytest.param("lib.so", b"\x7fELF" + PEM, [], id="a key that a program tests itself with"),
        pytest.param("lib.so", b"\x7fELF" + KEY, ["lib.so holds the signing key"], id="ours in a program"),
        pytest.param("x/site-packages/twilio/rest/chat/v1/credential.py", PEM, [], id="an example that was published"),
        pytest.param(
            "x/site-packages/twilio/rest/chat/v1/credential.py",
            KEY,
            ["x/site-packages/twilio/rest/chat/v1/credential.py holds the signing key"],
            id="ours in such a file",
        ),
        pytest.param("app/deploy/secrets/tls.key", b"", ["a layer holds app/deploy/secrets/tls.key"], id="a folder"),
        pytest.param("app/var/model-signing.key", b"", ["a layer holds app/var/model-signing.key"], id="by its name"),
        pytest.param("lib.py", b'BEGIN = "-----BEGIN PRIVATE KEY-----"\n', [], id="a line that begins one"),
        pytest.param("app/bot/keys/signing.py", b"", [], id="code about keys"),
    ],
)
def test_a_secret_in_a_layer_is_found(tmp_path: Path, name: str, content: bytes, told: list[str]) -> None:
    assert list(leaks([layer(tmp_path, name, content)], SECRETS)) == told


def test_a_secret_in_the_description_is_found(tmp_path: Path) -> None:
    described = tmp_path / "description"
    described.write_bytes(b'{"created_by": "ARG KEY=' + KEY + b'"}')
    assert list(leaks([described], SECRETS)) == ["description holds the signing key"]


def test_a_layer_that_cannot_be_looked_into_is_no_clean_one(tmp_path: Path) -> None:
    path = layer(tmp_path, "x", KEY)
    path.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(ImageError, match="layer is compressed"):
        list(leaks([path], SECRETS))


@pytest.mark.parametrize(
    ("mode", "owner", "found"),
    [
        pytest.param(0o644, (0, 0), [], id="root's"),
        pytest.param(0o666, (0, 0), ["app/file"], id="everybody's"),
        pytest.param(0o664, (0, USER), ["app/file"], id="the group's"),
        pytest.param(0o644, (0, USER), [], id="the group's to read"),
        pytest.param(0o444, (USER, 0), ["app/file"], id="the owner's, who can give himself the right"),
    ],
)
def test_what_the_user_may_change_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, owner: tuple[int, int], found: list[str]
) -> None:
    file = tmp_path / "app" / "file"
    file.parent.mkdir(mode=0o755)
    file.touch()
    file.chmod(mode)
    own = os.lstat

    def owned(path: Path) -> os.stat_result:
        seen = list(own(path))
        seen[4:6] = owner if path.name == "file" else (0, 0)
        return os.stat_result(seen)

    monkeypatch.setattr(Path, "lstat", owned)
    assert list(writable(tmp_path, USER, USER)) == found


def test_folders_that_are_laid_over_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp").chmod(0o1777)
    assert (list(writable(tmp_path, USER, USER)), state(tmp_path)) == ([], {})


def test_what_is_written_changes_the_state(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    before = state(tmp_path)
    (tmp_path / "etc" / "written").touch()
    assert {path for path, _ in before.items() ^ state(tmp_path).items()} == {"etc", "etc/written"}


def test_compilers_are_found(tmp_path: Path) -> None:
    programs = tmp_path / "usr" / "bin"
    programs.mkdir(parents=True)
    for name in ("gcc-12", "python3.11", "ld", "ldd", "g++", "makewhatis"):
        (programs / name).touch()
    assert set(compilers(tmp_path)) == {"usr/bin/gcc-12", "usr/bin/ld", "usr/bin/g++"}


def test_security_updates_come_from_the_same_mirror() -> None:
    made = with_security_updates("deb http://mirror.example/debian bookworm main\n").splitlines()
    assert made[1] == "deb http://mirror.example/debian-security bookworm-security main"


def test_a_list_of_sources_of_another_form_is_told_of() -> None:
    with pytest.raises(ImageError, match="another form"):
        with_security_updates("Types: deb\n")
