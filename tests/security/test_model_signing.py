"""Only models signed by our build are loaded, and exactly the verified bytes."""

import gzip
import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from bot.keys import model_signatures as model_signing
from bot.keys.model_signatures import UntrustedModel, new_keys, sign, signature_of, verified
from bot.settings import PROJECT, SettingsError
from bot.settings.servers import MODEL_PUBLIC_KEY, MODEL_SIGNING_KEY
from harness.ports import free_port

NAME = "assistant-0.tar.gz"


def packed(content: str) -> bytes:
    """An archive as Rasa makes them, with one file."""
    return archive({"components/part/model.txt": content, "metadata.json": ""})


def archive(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content.encode())
            tar.addfile(entry, io.BytesIO(content.encode()))
    return packed.getvalue()


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model that is signed with the keys in the environment."""
    keys = new_keys()
    monkeypatch.setenv(MODEL_SIGNING_KEY.name, keys.private)
    monkeypatch.setenv(MODEL_PUBLIC_KEY.name, keys.public)
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
        patch.setenv(MODEL_SIGNING_KEY.name, new_keys().private)
        sign(model)


FAULTS = [
    pytest.param(changed_model, "is not what was signed", id="a bit of the model"),
    pytest.param(changed_signature, "is not what was signed", id="the signature"),
    pytest.param(older_model, "is not what was signed", id="an older model under this name"),
    pytest.param(no_signature, "has no readable signature", id="no signature"),
    pytest.param(nonsense, "has an invalid signature", id="nonsense for a signature"),
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

    from bot.rasa.patching import apply, patches_by

    apply(patches_by("bot.rasa.model_loading:extract_verified"))
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
    """Somebody replaces the file between check and load (TOCTOU)."""
    from bot.rasa import model_loading

    def verified_and_exchanged(path: Path) -> bytes:
        content = verified(path)
        path.write_bytes(packed("theirs"))
        return content

    monkeypatch.setattr(model_loading, "verified", verified_and_exchanged)
    model_loading.extract_verified(model, tmp_path / "unpacked")
    assert (tmp_path / "unpacked" / "components" / "part" / "model.txt").read_text() == "ours"


def test_a_public_key_signs_nothing(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MODEL_SIGNING_KEY.name)
    with pytest.raises(SettingsError, match=f"set {MODEL_SIGNING_KEY.name}"):
        sign(model)


def test_a_second_key_can_be_known_while_keys_are_changed(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = new_keys()
    old = model_signing.public_key_text()
    monkeypatch.setenv(MODEL_PUBLIC_KEY.name, f"{old}, {keys.public}")
    monkeypatch.setenv(MODEL_SIGNING_KEY.name, keys.private)
    before = verified(model)
    sign(model)
    assert verified(model) == before


@pytest.mark.parametrize("value", ["x", "AAAA", "ā", "A" * 44])
@pytest.mark.parametrize("name", [MODEL_PUBLIC_KEY.name, MODEL_SIGNING_KEY.name])
def test_a_key_that_is_none_is_named(model: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name} is no key"):
        (verified if name == MODEL_PUBLIC_KEY.name else sign)(model)


def test_without_settings_a_pair_is_made_for_its_owner_only(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "var" / "model-signing.key"
    monkeypatch.delenv(MODEL_PUBLIC_KEY.name)
    monkeypatch.delenv(MODEL_SIGNING_KEY.name)
    monkeypatch.setattr(model_signing, "LOCAL_KEY", key)
    sign(model)
    assert (verified(model), key.stat().st_mode & 0o777) == (packed("ours"), 0o600)


def run(*arguments: str, model: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BOT_MODELS": str(model.parent), "DATABASE_URL": f"sqlite:///{model.parent / 'x.db'}"}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        env={**environment, "BOT_PORT": str(free_port())},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.model
def test_the_assistant_in_a_process_of_its_own_loads_nothing_else(model: Path) -> None:
    changed_model(model)
    done = run("bot.evaluation.latency", str(model), model=model)
    assert (done.returncode, f"The model {model} is not what was signed" in done.stderr) == (1, True)


@pytest.mark.server
def test_the_rasa_server_says_it_in_one_sentence(model: Path) -> None:
    changed_model(model)
    done = run("bot.server.rasa_server", str(model), model=model)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"The model {model} is not what was signed")


@pytest.mark.server
@pytest.mark.parametrize(
    ("files", "told"),
    [
        pytest.param(
            {"fingerprint.json": '{"version": "2.8.27"}', "core/policy.json": ""}, "Open Source 2.8.27", id="2"
        ),
        pytest.param({"metadata.json": "{}"}, "cannot be used: 'trained_at'", id="nothing in it"),
    ],
)
def test_the_rasa_server_ends_with_what_is_wrong_with_a_model(model: Path, files: dict[str, str], told: str) -> None:
    """A model of Rasa 2, and a file that is not a model."""
    model.write_bytes(archive(files))
    sign(model)
    done = run("bot.server.rasa_server", str(model), model=model)
    line = done.stderr.splitlines()[-1]
    assert (done.returncode, line.startswith(f"The model {model} cannot be used: "), told in line) == (1, True, True), (
        line
    )


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [(["verify"], 1, "is not what was signed"), (["sign"], 0, "Signed: ")],
)
def test_the_command_verifies_and_signs_anew(model: Path, arguments: list[str], status: int, told: str) -> None:
    """A model copied from another folder can be signed by somebody who knows its origin."""
    changed_model(model)
    done = run("bot.cli", "model", *arguments, str(model), model=model)
    assert (done.returncode, told in done.stdout + done.stderr, "Traceback" in done.stderr) == (status, True, False)


@pytest.mark.server
def test_serving_refuses_a_changed_model(model: Path) -> None:
    from bot.training.trained_model import digest

    present = model.rename(model.with_name(f"assistant-{digest()}.tar.gz"))
    sign(present)
    changed_model(present)
    done = run("bot.cli", "serve", model=present)
    assert (done.returncode, f"The model {present} is not what was signed" in done.stderr) == (1, True)


def test_new_keys_are_printed_as_settings(model: Path) -> None:
    lines = run("bot.cli", "model", "keys", "--new", model=model).stdout.splitlines()
    assert [line.split("=", 1)[0] for line in lines] == [MODEL_SIGNING_KEY.name, MODEL_PUBLIC_KEY.name]
