"""Signatures of models (Ed25519): a model file is code, so only what our own build has signed is loaded.

The build signs with a private key, servers verify with the public one and cannot sign. The signature stands beside the
model (`….tar.gz.sig`), covers its bytes and its name, and names the key, so that keys can be changed one after another.
"""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.settings import PROJECT, SettingsError, secret
from bot.signing import kept_secret

SIGNING_KEY, PUBLIC_KEY = "BOT_MODEL_SIGNING_KEY", "BOT_MODEL_PUBLIC_KEY"
LOCAL_KEY = PROJECT / "var" / "model-signing.key"
SUFFIX = ".sig"
FORM = "elektrum-model-1"  # what is signed, and how the signature is written


class UntrustedModel(RuntimeError):
    """A model must not be loaded; the message says why and what to do.

    Attributes:
        tampered: whether it bears a signature of a known key that does not fit; otherwise it is merely not signed by
            one.
    """

    def __init__(self, message: str, *, tampered: bool = False) -> None:
        super().__init__(message)
        self.tampered = tampered


@dataclass(frozen=True)
class Keys:
    """A pair as it is written into settings: each 32 bytes in base64."""

    private: str
    public: str


def new_keys() -> Keys:
    """A new pair."""
    made = Ed25519PrivateKey.generate()
    return Keys(_text(made.private_bytes_raw()), _text(made.public_key().public_bytes_raw()))


def public_key_text() -> str:
    """The public keys that models are verified with here, as `BOT_MODEL_PUBLIC_KEY` takes them."""
    return " ".join(_text(key.public_bytes_raw()) for key in _public_keys())


def sign(model: Path) -> Path:
    """Sign a model that is known to be ours; gives back where the signature is.

    Raises:
        SettingsError: there is no key to sign with, or it cannot be used.
    """
    key = _private_key()
    signature = key.sign(_signed(model.name, model.read_bytes()))
    place = signature_of(model)
    # Written whole and then put in place, since a server may be looking.
    draft = place.with_name(f"{place.name}.new")
    draft.write_text(f"{FORM} {_key_id(key.public_key())} {_text(signature)}\n", encoding="ascii")
    draft.replace(place)
    return place


def signature_of(model: Path) -> Path:
    """Where a model's signature is, or would be."""
    return model.with_name(model.name + SUFFIX)


def verified(model: Path) -> bytes:
    """The bytes of a model, read once and verified: whoever loads these loads what was signed.

    Raises:
        UntrustedModel: no signature of a known key fits, or the file cannot be read.
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
        state = "has no signature that can be read" if isinstance(error, OSError) else "has a signature that is none"
        raise UntrustedModel(
            f"The model {model} {state} and is not loaded; if you made it yourself, run 'bot model sign {model}'."
        ) from error
    if form != FORM or key_id not in known:
        raise UntrustedModel(
            f"The model {model} is signed with another key ({key_id}) and is not loaded; if it is yours, set "
            f"{PUBLIC_KEY} to the key it was signed with, or run 'bot model sign {model}'."
        )
    try:
        known[key_id].verify(signature, _signed(model.name, content))
    except InvalidSignature as error:
        raise UntrustedModel(
            f"The model {model} is not what was signed: the file or its signature has been changed; it is not loaded. "
            "Find out who changed it, and make it anew with 'bot train --force'.",
            tampered=True,
        ) from error
    return content


def _signed(name: str, content: bytes) -> bytes:
    """What is signed: with the name, so that an old model cannot pass for the one of the present data."""
    return f"{FORM}\0{name}\0".encode() + hashlib.sha512(content).digest()


def _private_key() -> Ed25519PrivateKey:
    given = secret(SIGNING_KEY)
    if not given and secret(PUBLIC_KEY):
        raise SettingsError(
            f"Only {PUBLIC_KEY} is set: this machine loads models, it does not sign them; set {SIGNING_KEY}."
        )
    return _read_private(given) if given else _local_key()


def _public_keys() -> list[Ed25519PublicKey]:
    if given := secret(PUBLIC_KEY).replace(",", " ").split():
        return [Ed25519PublicKey.from_public_bytes(_bytes(PUBLIC_KEY, key)) for key in given]
    private = secret(SIGNING_KEY)
    return [(_read_private(private) if private else _local_key()).public_key()]


def _local_key() -> Ed25519PrivateKey:
    """The pair of this folder, for who trains and serves on one machine; made on first use."""
    return _read_private(kept_secret(LOCAL_KEY, lambda: new_keys().private))


def _read_private(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_bytes(SIGNING_KEY, text))


def _bytes(name: str, text: str) -> bytes:
    try:
        content = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        content = b""
    if len(content) != 32:
        raise SettingsError(f"{name} is no key: 'bot model keys --new' makes a pair.")
    return content


def _key_id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
