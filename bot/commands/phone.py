"""`bot phone`: plays a demo call, without a telephony gateway."""

import asyncio
import re
import secrets
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import typer

from bot import deadlines
from bot.channels.phone.gateway_messages import Action, Answer, CallEventKind, Heard, Hypothesis
from bot.commands.console import AsOf, err, fail, out, plain_errors, report, set_clock
from bot.commands.outbox import messages
from bot.console.spoken_audio import PROGRAM, VOICES
from bot.data_files import read_yaml
from bot.server.preparation import check_configuration, prepare_database
from bot.settings import LANGUAGES, PROJECT
from bot.settings.accounts import OUTBOX
from bot.training.trained_model import model_path
from bot.words.kinds_of_number import CODE_DIGITS

app = typer.Typer(help="The phone line.", no_args_is_help=True)
SCRIPTS = PROJECT / "data" / "demo" / "calls.yml"
CODE = "<code>"
LANGUAGE = typer.Argument("lv", help="lv or en.")
FOLDER = typer.Option(None, "--to", metavar="FOLDER", help="Write the speech as WAV files instead of playing it.")


@app.callback()
def _group() -> None:
    """Keep `demo` a subcommand, though it is the only one."""


@app.command()
def demo(language: str = LANGUAGE, folder: Path = FOLDER, as_of: str = AsOf) -> None:
    """Run a demo call and speak its replies with espeak-ng; without espeak-ng they are only shown."""
    with plain_errors():
        if language not in LANGUAGES:
            fail(f"There is no demo call in '{language}'; there are {', '.join(LANGUAGES)}.")
        set_clock(as_of)
        check_configuration()
        prepare_database(report)
        model = model_path()
        if not model.is_file():
            fail(f"The model {model} is missing; train it with 'bot train'.")
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        if not shutil.which(PROGRAM):
            err.print("espeak-ng is not there (apt-get install espeak-ng): the call can be read but not heard.")
        asyncio.run(_call(language, folder, model))


async def _call(language: str, folder: Path | None, model: Path) -> None:
    from bot.rasa.local_assistant import LocalAssistant

    answering = LocalAssistant(model).on_the_phone(transfer_to="")
    call, spoken = f"demo-{secrets.token_hex(8)}", 0
    sent = len(messages(OUTBOX.value()))
    steps: list[str | None] = [None, *read_yaml(SCRIPTS)[language]]
    for step in steps:
        said = _code(sent) if step == CODE else step
        kind, guesses = (CallEventKind.SPEECH, (Hypothesis(said, 0.9),)) if said else (CallEventKind.START, ())
        answer = await answering.answer(Heard(call, kind, hypotheses=guesses, language=language))
        if said:
            out.print(f"> {said}", markup=False, soft_wrap=True)
        spoken = _speak(answer, folder, spoken)
        if answer.action is not Action.LISTEN:
            break
    await answering.answer(Heard(call, CallEventKind.HANG_UP))


def _speak(answer: Answer, folder: Path | None, spoken: int) -> int:
    program = shutil.which(PROGRAM)
    for said in answer.say:
        out.print(said.text, markup=False, soft_wrap=True)
        spoken += 1
        if program:
            to = ["-w", str(folder / f"{spoken:02}-{said.language}.wav")] if folder else []
            command = [program, "-v", VOICES[said.language], *to, said.text]
            done = subprocess.run(command, check=False)  # noqa: S603 (our own texts)
            if done.returncode:
                fail(f"espeak-ng ended with status {done.returncode}; '--to FOLDER' writes files instead of playing.")
    return spoken


def _code(sent: int) -> str:
    """The digits of the code that has arrived since, as they are spoken."""
    deadline = time.monotonic() + deadlines.DEMO_CODE
    while len(found := messages(OUTBOX.value())) <= sent:
        if time.monotonic() > deadline:
            fail("No code has come; is an SMS gateway set up? The demo reads codes from the outbox.")
        time.sleep(0.05)
    return " ".join(_digits(found[-1]))


def _digits(message: dict[str, Any]) -> str:
    found = re.search(rf"\b\d{{{CODE_DIGITS}}}\b", str(message["text"]))
    return found.group() if found else ""
