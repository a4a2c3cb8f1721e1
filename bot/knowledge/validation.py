"""Validation across records, which one file alone does not allow."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

from bot.knowledge.answers import answer_records
from bot.knowledge.event_records import EventRecord
from bot.knowledge.records import (
    KNOWLEDGE,
    FactRecord,
    KnowledgeError,
    SourceRecord,
    UntilEvent,
    knowledge_files,
    read_file,
)
from bot.knowledge.similar_names import unknown_event


@dataclass
class Knowledge:
    """All validated records of a folder, each with the file that it came from."""

    sources: dict[str, SourceRecord] = field(default_factory=dict)
    events: dict[str, EventRecord] = field(default_factory=dict)
    facts: dict[str, FactRecord] = field(default_factory=dict)
    origins: dict[str, Path] = field(default_factory=dict)


def plain(text: str) -> str:
    """A text with quotation marks and white space normalised, for comparing quotes."""
    return re.sub(r"\s+", " ", re.sub("[“”„«»]", '"', text)).strip()


def load_folder(folder: Path = KNOWLEDGE) -> Knowledge:
    """Read every file of a folder and check the records against each other.

    Raises:
        KnowledgeError: names file, record and reason of the first problem.
    """
    found = Knowledge()
    for path in knowledge_files(folder):
        content = read_file(path)
        for kind, records in (("sources", content.sources), ("events", content.events), ("facts", content.facts)):
            known: dict[str, object] = getattr(found, kind)
            for record in records:
                if record.id in known:
                    raise KnowledgeError(f"{path}: record '{record.id}': the id is already used in {kind}.")
                known[record.id] = record
                found.origins[f"{kind}/{record.id}"] = path
    for path, record in answer_records(folder):
        if record.id in found.facts:
            raise KnowledgeError(f"{path}: record '{record.id}': the id is already used in facts.")
        found.facts[record.id] = record
        found.origins[f"facts/{record.id}"] = path
    for fact in found.facts.values():
        path = found.origins[f"facts/{fact.id}"]
        check_references(fact, found, path)
        check_quote(fact, found.sources[fact.source], folder, path)
        if fact.replaces and fact.replaces not in found.facts:
            raise KnowledgeError(f"{path}: record '{fact.id}': there is no record '{fact.replaces}' to replace.")
    check_overlaps(list(found.facts.values()), found.origins)
    return found


def check_references(fact: FactRecord, known: Knowledge, path: Path) -> None:
    """Check that the source and the event of a fact exist."""
    if fact.source not in known.sources:
        raise KnowledgeError(f"{path}: record '{fact.id}': there is no source '{fact.source}'.")
    if isinstance(fact.valid_until, UntilEvent) and fact.valid_until.event not in known.events:
        reason = unknown_event(fact.valid_until.event, known.events)
        raise KnowledgeError(f"{path}: record '{fact.id}': {reason}.")


def check_quote(fact: FactRecord, source: SourceRecord, folder: Path, path: Path) -> None:
    """Check that the quote is in the source's text; omitted parts are marked with […]."""
    if fact.quote is None or source.text is None:
        return
    file = folder / source.text
    if not file.is_file():
        raise KnowledgeError(f"{path}: source '{source.id}': its text {file} is missing.")
    if part := not_in_source(fact.quote, file.read_text(encoding="utf-8")):
        raise KnowledgeError(f"{path}: record '{fact.id}': the quote is not in {source.text}: {part[:120]!r}.")


def not_in_source(quote: str, wording: str) -> str | None:
    """The first part of a quote that is not in the source's wording; None where all are. […] marks omitted parts."""
    wording = plain(wording)
    return next((plain(part) for part in quote.split("[…]") if plain(part) not in wording), None)


@dataclass(frozen=True)
class ValidityDays:
    """The days on which a record may be valid; `last` None means no known end."""

    id: str
    first: date
    last: date | None


def overlapping(spans: list[ValidityDays]) -> tuple[ValidityDays, ValidityDays] | None:
    """The first two spans that share a day, if any."""
    ordered = sorted(spans, key=lambda span: span.first)
    for earlier, later in pairwise(ordered):
        if earlier.last is None or earlier.last >= later.first:
            return earlier, later
    return None


def check_overlaps(facts: list[FactRecord], origins: dict[str, Path]) -> None:
    """Refuse two records with one key that are valid on the same day, unless one says that it replaces the other."""
    replaced = {fact.replaces: fact.valid_from for fact in facts if fact.replaces}
    by_key = defaultdict(list)
    for fact in facts:
        last = fact.valid_until if isinstance(fact.valid_until, date) else None
        if fact.id in replaced:
            last = date.fromordinal(replaced[fact.id].toordinal() - 1)
        by_key[fact.key].append(ValidityDays(fact.id, fact.valid_from, last))
    for key, spans in by_key.items():
        pair = overlapping(spans)
        if pair:
            path = origins[f"facts/{pair[1].id}"]
            raise KnowledgeError(
                f"{path}: record '{pair[1].id}': overlapping validity with '{pair[0].id}' for the key '{key}'; "
                "give the earlier one a valid_until, or let the later one say 'replaces'."
            )
