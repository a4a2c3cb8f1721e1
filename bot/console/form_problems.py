"""Beside which field of an announcement's form a problem stands."""

from bot.announcements.announcement_document import DocumentProblem
from bot.console.announcement_form import ANSWERS, KEEPS, PLACES, QUESTIONS, RECORDS

LETTERS = {RECORDS: "r", PLACES: "p"}  # the beginnings of the names of their fields
BESIDE = {"id", "made_public", "why", "source", KEEPS}  # parts of the form that have a place for problems
BESIDE_SOURCE = {f"source-{name}" for name in ("id", "title", "spoken", "url", "published", "wording")}
BESIDE_RECORD = {
    *("", "-id", "-key", "-kind", "-replaces", "-quote", "-valid_from", "-valid_until", "-text", "-coming", "-ended"),
    *("-title", f"-{QUESTIONS}", f"-{PLACES}", f"-{ANSWERS}"),
}
BESIDE_PLACE = {"", "-id", "-name", "-cases", "-called"}


def is_beside(name: str, record_numbers: list[int], place_numbers: list[int]) -> bool:
    """Whether the form has a place for the problems of a field or part."""
    records = {f"r{number}{rest}" for number in record_numbers for rest in BESIDE_RECORD}
    places = {f"p{number}{rest}" for number in place_numbers for rest in BESIDE_PLACE}
    return name in BESIDE | BESIDE_SOURCE | records | places


def beside_fields(problems: tuple[DocumentProblem, ...]) -> dict[str, str]:
    """Problems by the field, or part of the form, beside which they stand; "" for the whole."""
    found: dict[str, str] = {}
    for one in problems:
        field = _field(one.where)
        reason = one.reason[:1].upper() + one.reason[1:].rstrip(".") + "."
        found[field] = f"{found[field]} {reason}" if field in found else reason
    return found


def _field(where: tuple[str | int, ...]) -> str:
    names = [part for part in where if part != "__root__"]
    first = names[0] if names else ""
    if first in LETTERS and len(names) > 1:
        rest = [str(part) for part in names[2:3]]
        return "-".join([f"{LETTERS[str(first)]}{names[1]}", *rest])
    if first == "source":
        return "-".join(map(str, names[:2]))
    return str(first)
