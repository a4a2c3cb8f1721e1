"""Only models that our build has signed are loaded, and exactly those bytes."""

import gzip
import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from bot import model_signing
from bot.model_signing import PUBLIC_KEY, SIGNING_KEY, UntrustedModel, new_keys, sign, signature_of, verified
from bot.settings import PROJECT, SettingsError

NAME = "assistant-0.tar.gz"


def packed(content: str) -> bytes:
    """An archive as Rasa makes them, with one file."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        entry = tarfile.TarInfo("components/part/model.txt")
        entry.size = len(content.encode())
        tar.addfile(entry, io.BytesIO(content.encode()))
        tar.addfile(tarfile.TarInfo("metadata.json"), io.BytesIO())
    return packed.getvalue()


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model that is signed with the keys in the environment."""
    keys = new_keys()
    monkeypatch.setenv(SIGNING_KEY, keys.private)
    monkeypatch.setenv(PUBLIC_KEY, keys.public)
    path = tmp_path / NAME
    path.write_bytes(packed("ours"))
    sign(path)
    return path


def changed_model(model: Path) -> None:
    content = bytearray(model.read_bytes())
    content[-1] ^= 1
    model.write_bytes(content)


def changed_signature(model: Path) -> None:
    place = signature_of(model)
    form, key, _ = place.read_text().split()
    place.write_text(f"{form} {key} {'A' * 86}==")


def older_model(model: Path) -> None:
    """One that was signed too, under another name."""
    older = model.with_name("assistant-older.tar.gz")
    older.write_bytes(packed("older"))
    sign(older).replace(signature_of(model))
    older.replace(model)


def no_signature(model: Path) -> None:
    signature_of(model).unlink()


def nonsense(model: Path) -> None:
    signature_of(model).write_bytes(b"\xff\x00 nothing")


def strangers_key(model: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SIGNING_KEY, new_keys().private)
        sign(model)


FAULTS = [
    pytest.param(changed_model, "is not what was signed", id="a bit of the model"),
    pytest.param(changed_signature, "is not what was signed", id="the signature"),
    pytest.param(older_model, "is not what was signed", id="an older model under this name"),
    pytest.param(no_signature, "has no signature that can be read", id="no signature"),
    pytest.param(nonsense, "has a signature that is none", id="nonsense for a signature"),
    pytest.param(strangers_key, "is signed with another key", id="a stranger's signature"),
]


def test_a_signed_model_is_read(model: Path) -> None:
    assert verified(model) == packed("ours")


@pytest.mark.parametrize(("fault", "told"), FAULTS)
def test_what_is_not_ours_is_refused(model: Path, fault: object, told: str) -> None:
    fault(model)  # type: ignore[operator]
    with pytest.raises(UntrustedModel, match=f"^The model {model} {told}"):
        verified(model)


@pytest.mark.parametrize(("fault", "told"), FAULTS)
def test_rasa_unpacks_nothing_of_what_is_not_ours(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: object, told: str
) -> None:
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    from bot.model_loading import load_signed_models_only

    load_signed_models_only()
    fault(model)  # type: ignore[operator]
    storage, unpacking = tmp_path / "storage", tmp_path / "unpacking"
    storage.mkdir()
    unpacking.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(unpacking))
    opened: list[object] = []
    monkeypatch.setattr(tarfile, "open", lambda *a, **_: opened.append(a))
    monkeypatch.setattr(gzip, "open", lambda *a, **_: opened.append(a))
    with pytest.raises(UntrustedModel):
        LocalModelStorage.from_model_archive(storage, model)
    assert (opened, [*storage.iterdir(), *unpacking.iterdir()]) == ([], [])


def test_what_is_unpacked_is_what_was_verified(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody puts another file in its place between the two."""
    from bot import model_loading

    def verified_and_exchanged(path: Path) -> bytes:
        content = verified(path)
        path.write_bytes(packed("theirs"))
        return content

    monkeypatch.setattr(model_loading, "verified", verified_and_exchanged)
    model_loading._extract_verified(model, tmp_path / "unpacked")
    assert (tmp_path / "unpacked" / "components" / "part" / "model.txt").read_text() == "ours"


def test_a_public_key_signs_nothing(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SIGNING_KEY)
    with pytest.raises(SettingsError, match=f"set {SIGNING_KEY}"):
        sign(model)


def test_a_second_key_can_be_known_while_keys_are_changed(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = new_keys()
    old = model_signing.public_key_text()
    monkeypatch.setenv(PUBLIC_KEY, f"{old}, {keys.public}")
    monkeypatch.setenv(SIGNING_KEY, keys.private)
    before = verified(model)
    sign(model)
    assert verified(model) == before


@pytest.mark.parametrize("value", ["x", "AAAA", "ā", "A" * 44])
@pytest.mark.parametrize("name", [PUBLIC_KEY, SIGNING_KEY])
def test_a_key_that_is_none_is_named(model: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name} is no key"):
        (verified if name == PUBLIC_KEY else sign)(model)


def test_without_settings_a_pair_is_made_for_its_owner_only(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "var" / "model-signing.key"
    monkeypatch.delenv(PUBLIC_KEY)
    monkeypatch.delenv(SIGNING_KEY)
    monkeypatch.setattr(model_signing, "LOCAL_KEY", key)
    sign(model)
    assert (verified(model), key.stat().st_mode & 0o777) == (packed("ours"), 0o600)


def run(*arguments: str, model: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BOT_MODELS": str(model.parent), "DATABASE_URL": f"sqlite:///{model.parent / 'x.db'}"}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_assistant_in_a_process_of_its_own_loads_nothing_else(model: Path) -> None:
    changed_model(model)
    done = run("bot.evaluation.latency", str(model), model=model)
    assert (done.returncode, f"The model {model} is not what was signed" in done.stderr) == (1, True)


def test_the_rasa_server_says_it_in_one_sentence(model: Path) -> None:
    changed_model(model)
    done = run("bot.server.rasa_server", str(model), model=model)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"The model {model} is not what was signed")


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [(["verify"], 1, "is not what was signed"), (["sign"], 0, "Signed: ")],
)
def test_the_command_verifies_and_signs_anew(model: Path, arguments: list[str], status: int, told: str) -> None:
    """A model that was copied from another folder is signed by whoever knows where it comes from."""
    changed_model(model)
    done = run("bot.cli", "model", *arguments, str(model), model=model)
    assert (done.returncode, told in done.stdout + done.stderr, "Traceback" in done.stderr) == (status, True, False)


def test_serving_refuses_a_changed_model(model: Path) -> None:
    from bot.training.model import digest

    present = model.rename(model.with_name(f"assistant-{digest()}.tar.gz"))
    sign(present)
    changed_model(present)
    done = run("bot.cli", "serve", model=present)
    assert (done.returncode, f"The model {present} is not what was signed" in done.stderr) == (1, True)


def test_new_keys_are_printed_as_settings(model: Path) -> None:
    lines = run("bot.cli", "model", "keys", "--new", model=model).stdout.splitlines()
    assert [line.split("=", 1)[0] for line in lines] == [SIGNING_KEY, PUBLIC_KEY]
