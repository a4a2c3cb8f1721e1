"""An announcement as a form: its fields from the document's mapping, and the mapping from the fields.

What the form has no field for stands as YAML in a field of its own, of the document (`more`) and of each record and
place (`r0-more`, `p0-more`), so nothing of a document is lost on the way.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import yaml

from bot.announcements.announcement_document import NOBODY_YET
from bot.data_files import DataFileError, yaml_of
from bot.knowledge.conveyed import Opening
from bot.knowledge.event_records import Case
from bot.knowledge.records import KnowledgeError
from bot.settings import LANGUAGES

Fields = Mapping[str, str]
RECORDS, PLACES, QUESTIONS, KEEPS, ANSWERS = "records", "places", "questions", "keeps", "answers"  # keys of a document
SIMPLE = ("id", "made_public", "why")
OF_SOURCE = ("id", "url", "published", "wording")
SOURCE_TEXTS = ("title", "spoken")
OF_RECORD = ("id", "key", "kind", "replaces", "quote", "valid_from")
RECORD_TEXTS = ("text", "coming", "ended", "title")
CASES: tuple[Case, ...] = ("genitive", "dative", "accusative", "locative")
MOST_BLOCKS = 30  # records or places of one form
MORE = "more"
DECIDED = "decide"  # fields of the decisions about contradicting answers: `question>keeps`, `question>0`
WIDTH = 110


class FormBegin(StrEnum):
    """Parameters of the address of a new form: what its first record is about."""

    TOPIC = "intent"  # answers the topic's question
    PLACE = "at"  # its name
    QUESTION = "question"  # asked in a customer's words, redacted


def begun(given: Mapping[FormBegin, str], language: str) -> dict[str, Any]:
    """The first record of a new announcement about something."""
    record: dict[str, Any] = {}
    if topic := given.get(FormBegin.TOPIC):
        record[ANSWERS] = [topic]
    if place := given.get(FormBegin.PLACE):
        record[PLACES] = [place]
    if question := given.get(FormBegin.QUESTION):
        record[QUESTIONS] = {language: [question]}
    return record


def blocks(fields: Fields, letter: str) -> list[int]:
    """The numbers of the records (`r`) or places (`p`) of a form, in order."""
    found = {int(name[1:].partition("-")[0]) for name in fields if re.fullmatch(rf"{letter}\d{{1,2}}-[a-z_]+", name)}
    return sorted(found)[:MOST_BLOCKS]


def content_of_form(fields: Fields) -> dict[str, Any]:
    """The document's mapping of a form; fields that are left empty are left out.

    Raises:
        KnowledgeError: a field with YAML cannot be read.
    """
    content: dict[str, Any] = {name: _one(fields, name) for name in SIMPLE}
    content["source"] = _source(fields)
    content[RECORDS] = [_record(fields, f"r{number}-") for number in blocks(fields, "r")]
    content[PLACES] = [_place(fields, f"p{number}-") for number in blocks(fields, "p")]
    content[KEEPS] = _lines(fields, KEEPS)
    for question, where in _decided(fields):
        if where == KEEPS:
            content[KEEPS].append(question)
        elif where.isdecimal() and int(where) < len(content[RECORDS]):
            content[RECORDS][int(where)].setdefault(ANSWERS, []).append(question)
    return _more(fields, MORE, _kept(content))


def _decided(fields: Fields) -> Iterator[tuple[str, str]]:
    for one in fields.get(DECIDED, "").split():
        question, _, where = one.partition(">")
        if where:
            yield question, where


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _one(fields: Fields, name: str) -> str | None:
    return fields.get(name, "").replace("\r\n", "\n").strip() or None


def _lines(fields: Fields, name: str) -> list[str]:
    return [line.strip() for line in fields.get(name, "").splitlines() if line.strip()]


def _texts(fields: Fields, name: str) -> dict[str, str] | None:
    """A text in both languages; one that is missing is left for the check to name."""
    found = {language: text for language in LANGUAGES if (text := _one(fields, f"{name}-{language}"))}
    return found or None


def _source(fields: Fields) -> dict[str, Any] | str | None:
    source = _kept({name: _one(fields, f"source-{name}") for name in OF_SOURCE})
    source |= _kept({name: _texts(fields, f"source-{name}") for name in SOURCE_TEXTS})
    if set(source) == {"id"}:
        return str(source["id"])  # of a source that is there
    if source and "id" not in source and (name := _one(fields, "id")):
        source["id"] = name
    return source or None


def _record(fields: Fields, at: str) -> dict[str, Any]:
    record: dict[str, Any] = {name: _one(fields, at + name) for name in OF_RECORD}
    record |= {name: _texts(fields, at + name) for name in RECORD_TEXTS}
    event, last = _one(fields, f"{at}until_event"), _one(fields, f"{at}valid_until")
    record["valid_until"] = {"event": event} if event else last
    record[QUESTIONS] = _kept({language: _lines(fields, f"{at}{QUESTIONS}-{language}") for language in LANGUAGES})
    record[PLACES] = (
        re.split(r"[\s,;]+", fields.get(at + PLACES, "").strip(" ,;\r\n\t")) if _one(fields, at + PLACES) else []
    )
    record[ANSWERS] = [_answer(line) for line in _lines(fields, at + ANSWERS)]
    return _more(fields, f"{at}{MORE}", _kept(record))


def _answer(line: str) -> Any:
    """`ask_place_closed/open: no, yes`: how it begins before the record's first day, and from then on."""
    question, _, openings = line.partition(":")
    given = [one.strip() for one in openings.split(",") if one.strip()]
    return {"question": question.strip(), **dict(zip(("coming", "then"), given, strict=False))} if given else question


def _place(fields: Fields, at: str) -> dict[str, Any]:
    place: dict[str, Any] = {"id": _one(fields, f"{at}id"), "name": _texts(fields, f"{at}name")}
    place["cases"] = _kept({case: _one(fields, f"{at}{case}") for case in CASES})
    place["called"] = _lines(fields, f"{at}called")
    return _more(fields, f"{at}{MORE}", _kept(place))


def _more(fields: Fields, name: str, said: dict[str, Any]) -> dict[str, Any]:
    text = fields.get(name, "").strip()
    if not text:
        return said
    try:
        more = yaml_of(text, name)
    except DataFileError as error:
        raise KnowledgeError(str(error)) from error
    if not isinstance(more, dict):
        raise KnowledgeError(f"{name}: a mapping is expected, such as 'rows: [S1, S2]'.")
    if twice := sorted(set(more) & set(said)):
        raise KnowledgeError(f"{name}: '{twice[0]}' stands in the form already; take it out of one of the two.")
    return said | more


def fields_of(content: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a form of a document's mapping, as it was written, drafted or stored."""
    rest = {name: value for name, value in content.items() if value not in (None, [], {})}
    fields = {name: _said(rest.pop(name, None)) for name in SIMPLE}
    fields |= _source_fields(rest.pop("source", None))
    for letter, name, taken_apart in (("r", RECORDS, _record_fields), ("p", PLACES, _place_fields)):
        several = rest.get(name)
        if isinstance(several, list) and all(isinstance(one, dict) for one in several):
            for number, one in enumerate(rest.pop(name)):
                fields |= {f"{letter}{number}-{key}": text for key, text in taken_apart(one, content).items()}
    fields[KEEPS] = "\n".join(map(str, rest.pop(KEEPS, [])))
    return fields | {MORE: _dumped(rest)}


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _texts_fields(name: str, texts: Any) -> dict[str, str]:
    return {f"{name}-{language}": _said((texts or {}).get(language)) for language in LANGUAGES}


def _source_fields(source: Any) -> dict[str, str]:
    given = {"id": source} if isinstance(source, str) else dict(source or {})
    fields = {f"source-{name}": _said(given.get(name)) for name in OF_SOURCE}
    for name in SOURCE_TEXTS:
        fields |= _texts_fields(f"source-{name}", given.get(name))
    return fields


def _record_fields(record: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, str]:
    source = content.get("source")
    usual = {
        "source": source.get("id") if isinstance(source, dict) else source,
        "rows": [content.get("id")],
        "approved_by": NOBODY_YET,
    }
    rest = {name: value for name, value in record.items() if value not in (None, [], {}) and value != usual.get(name)}
    fields = {name: _said(rest.pop(name, None)) for name in OF_RECORD}
    for name in RECORD_TEXTS:
        fields |= _texts_fields(name, rest.pop(name, None))
    until = rest.pop("valid_until", None)
    fields["until_event"] = _said(until.get("event")) if isinstance(until, dict) else ""
    fields["valid_until"] = "" if isinstance(until, dict) else _said(until)
    asked = rest.pop(QUESTIONS, None) or {}
    fields |= {f"{QUESTIONS}-{language}": "\n".join(asked.get(language, [])) for language in LANGUAGES}
    fields[PLACES] = ", ".join(rest.pop(PLACES, []))
    fields[ANSWERS] = "\n".join(map(_answer_line, rest.pop(ANSWERS, [])))
    return fields | {MORE: _dumped(rest)}


def _answer_line(taken: Any) -> str:
    if not isinstance(taken, dict):
        return str(taken)
    openings = [str(taken.get(name) or Opening.OPEN) for name in ("coming", "then")]
    return taken["question"] if set(openings) == {Opening.OPEN} else f"{taken['question']}: {', '.join(openings)}"


def _place_fields(place: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, str]:
    rest = dict(place)
    fields = {"id": _said(rest.pop("id", None)), **_texts_fields("name", rest.pop("name", None))}
    cases = rest.pop("cases", None) or {}
    fields |= {case: _said(cases.get(case)) for case in CASES}
    fields["called"] = "\n".join(rest.pop("called", None) or [])
    return fields | {MORE: _dumped(rest)}


def empty_block(letter: str, number: int) -> dict[str, str]:
    """The fields of a record or place that is still to be written."""
    taken_apart = _record_fields if letter == "r" else _place_fields
    return {f"{letter}{number}-{key}": text for key, text in taken_apart({}, {}).items()}


def _dumped(rest: Mapping[str, Any]) -> str:
    return document_text(rest) if rest else ""


class _Dumper(yaml.SafeDumper):
    """Writes what stands twice twice, and texts of several lines as they are read."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _scalar(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _scalar)


def document_text(content: Mapping[str, Any]) -> str:
    """A document as YAML."""
    return yaml.dump(dict(content), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)
