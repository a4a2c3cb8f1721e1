"""`bot model`: signatures of models and the keys for them."""

from pathlib import Path

import typer

from bot import model_signing
from bot.commands.console import err, fail, out, plain_errors
from bot.training.model import model_path

app = typer.Typer(help="Sign models, verify them, make keys (docs/security.md).", no_args_is_help=True)
MODEL = typer.Argument(None, help="The model; the one for the present training data when left out.")
NEW = typer.Option(False, "--new", help="Make a new pair and print it; nothing is kept.")


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
    """Check that a model is what was signed; ends with status 1 where it is not."""
    with plain_errors():
        found = _there(model)
        model_signing.verified(found)
        out.print(f"The signature of {found} fits.", soft_wrap=True)


@app.command()
def keys(new: bool = NEW) -> None:
    """Show the public key that models are verified with, as servers need it; with --new, make a pair."""
    with plain_errors():
        if not new:
            out.print(f"{model_signing.PUBLIC_KEY}={model_signing.public_key_text()}", soft_wrap=True)
            return
        made = model_signing.new_keys()
        out.print(f"{model_signing.SIGNING_KEY}={made.private}", soft_wrap=True)
        out.print(f"{model_signing.PUBLIC_KEY}={made.public}", soft_wrap=True)
        err.print("The first belongs to the build only, the second to every server.", style="dim")


def _there(model: Path | None) -> Path:
    found = model or model_path()
    if not found.is_file():
        fail(f"The model {found} is missing; train it with 'bot train'.")
    return found
