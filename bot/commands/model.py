"""`bot model`: signatures of models, and the signing keys."""

from pathlib import Path

import typer

from bot.commands.console import err, fail, out, plain_errors
from bot.keys import model_signatures as model_signing
from bot.settings.servers import MODEL_PUBLIC_KEY, MODEL_SIGNING_KEY
from bot.training.trained_model import model_path

app = typer.Typer(help="Sign models, verify them, make keys (docs/security.md).", no_args_is_help=True)
MODEL = typer.Argument(None, help="The model; that of the current training data when left out.")
NEW = typer.Option(False, "--new", help="Make a new key pair and print it; it is not stored.")


@app.command()
def sign(model: Path = MODEL) -> None:
    """Sign a model that you trained or trust: a model is code that servers run."""
    with plain_errors():
        found = _there(model)
        try:
            place = model_signing.sign(found)
        except OSError as error:
            fail(f"The model {found} cannot be signed: {error.strerror} ({error.filename}).")
        out.print(f"Signed: {place}", soft_wrap=True)


@app.command()
def verify(model: Path = MODEL) -> None:
    """Verify a model's signature; exits with status 1 where it is not valid."""
    with plain_errors():
        found = _there(model)
        model_signing.verified(found)
        out.print(f"The signature of {found} fits.", soft_wrap=True)


@app.command()
def keys(new: bool = NEW) -> None:
    """Show the public key by which servers verify models; with --new, make a new key pair."""
    with plain_errors():
        if not new:
            out.print(f"{MODEL_PUBLIC_KEY.name}={model_signing.public_key_text()}", soft_wrap=True)
            return
        made = model_signing.new_keys()
        out.print(f"{MODEL_SIGNING_KEY.name}={made.private}", soft_wrap=True)
        out.print(f"{MODEL_PUBLIC_KEY.name}={made.public}", soft_wrap=True)
        err.print("The first belongs to the build only, the second to every server.", style="dim")


def _there(model: Path | None) -> Path:
    found = model or model_path()
    if not found.is_file():
        fail(f"The model {found} is missing; train it with 'bot train'.")
    return found
