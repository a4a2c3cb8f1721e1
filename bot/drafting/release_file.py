"""Reading a release from a file, and writing the draft of its announcement as YAML with remarks for its author."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.announcements.announcement_document import LONGEST_WORDING
from bot.drafting.read_release import ReadSentence
from bot.drafting.record_proposals import RecordProposal
from bot.drafting.release_draft import ReleaseDraft
from bot.knowledge.record_parts import TODO
from bot.knowledge.records import KnowledgeError
from bot.settings import LANGUAGES

WIDTH = 110  # characters of a line
_HEAD = (
    f"# Drafted from a release. What begins with {TODO} is still to be written, in plain words for customers;",
    "# 'bot announcement check FILE' says what is left, docs/knowledge.md what each key means.",
)
_UNDECIDED = (
    "# These answers rest on what ends. Each goes to 'answers' of a record (it is then answered by its text), or stays",
    f"# here without {TODO} where it remains true.",
)


def read_release_file(path: Path) -> str:
    """The text of a release.

    Raises:
        KnowledgeError: it cannot be read, is no text, or is too long.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise KnowledgeError(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"{path}: is no text in UTF-8; save the release as plain text.") from error
    if "\0" in text:
        raise KnowledgeError(f"{path}: is no text; save the release as plain text.")
    if len(text) > LONGEST_WORDING:
        raise KnowledgeError(f"{path}: has {len(text):,} characters; shorten it to {LONGEST_WORDING:,} at most.")
    return text


def write_draft(drafted: ReleaseDraft, path: Path) -> None:
    """Write a draft as an announcement's file.

    Raises:
        KnowledgeError: there is a file already, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(draft_text(drafted))
    except FileExistsError as error:
        raise KnowledgeError(f"{path}: is there already; give another name with --out.") from error
    except OSError as error:
        raise KnowledgeError(f"{path}: cannot be written ({error.strerror}).") from error


def draft_text(drafted: ReleaseDraft) -> str:
    """A draft as YAML."""
    content = dict(drafted.content)
    records, keeps = content.pop("records"), content.pop("keeps", None)
    parts = ["\n".join(_HEAD), _dumped(content), "records:"]
    for proposal, record in zip(drafted.records, records, strict=True):
        parts += [f"  # {remark}" for remark in _remarks(proposal, drafted)]
        parts.append(_indented(_dumped([record])))
    if keeps:
        parts += ["\n".join(_UNDECIDED), _dumped({"keeps": keeps})]
    return "\n".join(part.rstrip("\n") for part in parts) + "\n"


def _remarks(proposal: RecordProposal, drafted: ReleaseDraft) -> Iterator[str]:
    for number in proposal.sentences:
        yield f"Sentence {number}: {found_in(drafted.release.sentences[number - 1]) or 'nothing to look up'}."
    held = {fact.id: fact.texts[LANGUAGES[-1]] for fact in drafted.release.facts}
    if proposal.replaces in held:
        yield f"Replaces: {' '.join(held[proposal.replaces].split())}"
    if proposal.replaces is None and not proposal.answers:
        yield "A key of its own: no topic says it until 'answers' names the questions that it answers."


def found_in(read: ReadSentence) -> str:
    """What was found in a sentence, in a line."""
    numbers = read.findings.numbers
    found = {
        "days": [day.day.isoformat() for day in read.findings.days],
        "places": list(dict.fromkeys(place.id for place in read.findings.places)),
        "phones": numbers.phones,
        "sums": numbers.sums,
        "figures": numbers.figures,
    }
    return "; ".join(f"{name} {' '.join(', '.join(values).split())}" for name, values in found.items() if values)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they are read, and what stands twice twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _dumped(content: Any) -> str:
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)


def _indented(text: str) -> str:
    return "".join(f"  {line}" if line.strip() else line for line in text.splitlines(keepends=True))
