"""Signatures of models (Ed25519): a model file is code, so only what our own build has signed is loaded.

The build signs with a private key; servers verify with the public key and cannot sign. The signature is a file beside
the model (`….tar.gz.sig`). It covers the model's bytes and name, and names its key, so that keys can be rotated.
"""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.keys.signing import kept_secret
from bot.settings import PROJECT, Setting, SettingsError
from bot.settings.servers import MODEL_PUBLIC_KEY, MODEL_SIGNING_KEY

LOCAL_KEY = PROJECT / "var" / "model-signing.key"
SUFFIX = ".sig"
FORM = "elektrum-model-1"  # what is signed, and how the signature is written


class UntrustedModel(RuntimeError):
    """A model must not be loaded; the message says why and what to do.

    Attributes:
        tampered: whether it has a signature of a known key that does not verify; otherwise no known key has signed it.
    """

    def __init__(self, message: str, *, tampered: bool = False) -> None:
        super().__init__(message)
        self.tampered = tampered


@dataclass(frozen=True)
class Keys:
    """A key pair as it is written into settings: each key 32 bytes in base64."""

    private: str
    public: str


def new_keys() -> Keys:
    """A new key pair."""
    made = Ed25519PrivateKey.generate()
    return Keys(_text(made.private_bytes_raw()), _text(made.public_key().public_bytes_raw()))


def public_key_text() -> str:
    """The public keys that models are verified with here, as `BOT_MODEL_PUBLIC_KEY` takes them."""
    return " ".join(_text(key.public_bytes_raw()) for key in _public_keys())


def sign(model: Path) -> Path:
    """Sign a model that is known to be ours, and return the path of the signature.

    Raises:
        SettingsError: there is no key to sign with, or it cannot be used.
    """
    key = _private_key()
    signature = key.sign(_signed(model.name, model.read_bytes()))
    place = signature_of(model)
    # Written under another name, then renamed (an atomic replace), since a server may be reading.
    draft = place.with_name(f"{place.name}.new")
    draft.write_text(f"{FORM} {_key_id(key.public_key())} {_text(signature)}\n", encoding="ascii")
    draft.replace(place)
    return place


def signature_of(model: Path) -> Path:
    """Where a model's signature is, or would be."""
    return model.with_name(model.name + SUFFIX)


def verified(model: Path) -> bytes:
    """The bytes of a model, read once and then verified, so that the caller loads exactly what was signed.

    Raises:
        UntrustedModel: no signature of a known key verifies, or the file cannot be read.
        SettingsError: the public key cannot be used.
    """
    known = {_key_id(key): key for key in _public_keys()}
    try:
        content = model.read_bytes()
    except OSError as error:
        raise UntrustedModel(f"The model {model} cannot be read: {error.strerror}.") from error
    try:
        form, key_id, text = signature_of(model).read_text(encoding="ascii").split()
        signature = base64.b64decode(text, validate=True)
    except (OSError, ValueError) as error:
        state = "has no readable signature" if isinstance(error, OSError) else "has an invalid signature"
        raise UntrustedModel(
            f"The model {model} {state} and is not loaded; if you made it yourself, run 'bot model sign {model}'."
        ) from error
    if form != FORM or key_id not in known:
        raise UntrustedModel(
            f"The model {model} is signed with another key ({key_id}) and is not loaded; if it is yours, set "
            f"{MODEL_PUBLIC_KEY.name} to the key it was signed with, or run 'bot model sign {model}'."
        )
    try:
        known[key_id].verify(signature, _signed(model.name, content))
    except InvalidSignature as error:
        raise UntrustedModel(
            f"The model {model} is not what was signed: the file or its signature has been changed; it is not loaded. "
            "Find out who changed it, and train it again with 'bot train --force'.",
            tampered=True,
        ) from error
    return content


def _signed(name: str, content: bytes) -> bytes:
    """The signed bytes. They include the name, so that an old model cannot pass for the model of the current data."""
    return f"{FORM}\0{name}\0".encode() + hashlib.sha512(content).digest()


def _private_key() -> Ed25519PrivateKey:
    given = MODEL_SIGNING_KEY.value()
    if not given and MODEL_PUBLIC_KEY.value():
        raise SettingsError(
            f"Only {MODEL_PUBLIC_KEY.name} is set: this machine loads models, it does not sign them; "
            f"set {MODEL_SIGNING_KEY.name}."
        )
    return _read_private(given) if given else _local_key()


def _public_keys() -> list[Ed25519PublicKey]:
    if given := MODEL_PUBLIC_KEY.value().replace(",", " ").split():
        return [Ed25519PublicKey.from_public_bytes(_bytes(MODEL_PUBLIC_KEY, key)) for key in given]
    private = MODEL_SIGNING_KEY.value()
    return [(_read_private(private) if private else _local_key()).public_key()]


def _local_key() -> Ed25519PrivateKey:
    """This folder's key pair, for training and serving on one machine; made on first use."""
    return _read_private(kept_secret(LOCAL_KEY, lambda: new_keys().private))


def _read_private(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_bytes(MODEL_SIGNING_KEY, text))


def _bytes(setting: Setting[str], text: str) -> bytes:
    try:
        content = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        content = b""
    if len(content) != 32:
        raise SettingsError(f"{setting.name} is no key: 'bot model keys --new' makes a pair.")
    return content


def _key_id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
