"""`bot chat` and `bot parse`: run the model in this process, without a server."""

import asyncio
import json
import sys
from typing import TYPE_CHECKING

import typer
from rich.panel import Panel

from bot.clock import today
from bot.commands.console import AsOf, err, fail, lines_of, out, plain_errors, report, set_clock
from bot.rasa.exchanges import parse_report
from bot.server.preparation import check_configuration, prepare_database
from bot.training.trained_model import model_path

if TYPE_CHECKING:
    from bot.rasa.local_assistant import LocalAssistant

NEW, QUIT = "/new", "/quit"  # commands to the program, not messages to the assistant
JSON = typer.Option(False, "--json", help="One JSON object per line (JSON lines), for other programs.")


def _assistant() -> "LocalAssistant":
    model = model_path()
    if not model.is_file():
        fail(f"The model {model} is missing; train it with 'bot train'.")
    report("Loading the model …")
    from bot.rasa.local_assistant import LocalAssistant

    return LocalAssistant(model)


def chat(as_json: bool = JSON, as_of: str = AsOf) -> None:
    """Talk to the assistant in the terminal, in Latvian or English.

    Choose a button by its number or title; a line /new begins a new conversation, /quit or Ctrl-D ends. With --json,
    every other line of standard input is a message, and every turn one JSON object on standard output; /new and /quit
    print nothing.
    """
    with plain_errors():
        set_clock(as_of)
        check_configuration()
        prepare_database(report)
        assistant = _assistant()
    if as_json:
        asyncio.run(_json_turns(assistant))
    else:
        asyncio.run(_dialogue(assistant))


async def _json_turns(assistant: "LocalAssistant") -> None:
    for line in lines_of():
        if line.strip() == QUIT:
            return
        if line.strip() == NEW:
            assistant.restart()
            continue
        print(json.dumps(await assistant.say(line), ensure_ascii=False), flush=True)


async def _dialogue(assistant: "LocalAssistant") -> None:
    err.print(f"It is {today().isoformat()} for the assistant. {NEW}: a new conversation, {QUIT}: end.", style="dim")
    while True:
        try:
            text = input("> ")
        except (EOFError, KeyboardInterrupt):
            return
        if text.strip() == QUIT:
            return
        if text.strip() == NEW:
            assistant.restart()
            continue
        turn = await assistant.say(text)
        number = 0
        for reply in turn["replies"]:
            out.print(Panel(reply["text"], border_style="cyan"), markup=False)
            for button in reply["buttons"]:
                number += 1
                out.print(f"  [{number}] {button['title']}", markup=False)


def parse(as_json: bool = JSON) -> None:
    """Show the parse of each line of standard input: language, intent, confidence, entities."""
    with plain_errors():
        assistant = _assistant()
    asyncio.run(_parse_lines(assistant, as_json))


async def _parse_lines(assistant: "LocalAssistant", as_json: bool) -> None:
    if sys.stdin.isatty():
        err.print("Type sentences, one a line; Ctrl-D ends.", style="dim")
    for line in lines_of():
        found = await assistant.parse(line)
        if as_json:
            print(json.dumps(parse_report(line, found), ensure_ascii=False), flush=True)
        else:
            entities = ", ".join(f"{entity.name}={entity.value}" for entity in found.entities)
            intents = " + ".join(found.asked)
            out.print(f"{found.language_code}  {intents}  {found.confidence:.2f}  {entities}", markup=False)
