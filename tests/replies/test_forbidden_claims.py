"""No answer claims what the announcement does not say (rows N1–N21 of the fact list, forbidden_claims.yml)."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import yaml
from own_databases import OwnDatabase  # tests/own_databases.py
from spoken import all_answers, own_copy, sentences

from bot.knowledge.emergency_events import end
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES

# Before, on the day, in each official period, on the last day, and long after.
DAYS = ("2020-03-19", "2020-03-20", "2020-03-25", "2020-04-15", "2020-05-20", "2020-06-09", "2020-06-10", "2026-01-01")
LAST_DAY = date(2020, 6, 9)
# After these words, a clause speaks of what is not known.
NOT_KNOWN = {
    "lv": r"nav teikt|nav nosaukt|nav paziņot|nav minēt|ziņu nav|nekas nav",
    "en": r"does not (say|name)|does it say|says nothing|whether|no news|cannot (promise|see)",
}


@dataclass(frozen=True)
class Claim:
    """One row of the table in one language."""

    row: str
    language: str
    pattern: str
    claims: list[str]
    honest: str

    def made_in(self, text: str) -> list[str]:
        """The clauses of a text that make the claim."""
        before = rf"(?:(?!{NOT_KNOWN[self.language]}).)*?"
        made = re.compile(rf"^(?={before}(?:{self.pattern}))", re.IGNORECASE)
        clauses = [clause.strip(" •") for sentence in sentences(text) for clause in sentence.split(";")]
        return [clause for clause in clauses if made.search(clause)]


def table() -> list[Claim]:
    """The rows of forbidden_claims.yml, a language each."""
    rows = yaml.safe_load((Path(__file__).parent / "forbidden_claims.yml").read_text(encoding="utf-8"))
    return [Claim(row["row"], language, **row[language]) for row in rows for language in LANGUAGES]


CLAIMS = table()
each_claim = pytest.mark.parametrize("claim", CLAIMS, ids=[f"{claim.row}-{claim.language}" for claim in CLAIMS])
EXAMPLES = [(claim, example) for claim in CLAIMS for example in claim.claims]


@pytest.fixture(scope="module")
def texts(own_database: OwnDatabase, main_database: str) -> dict[str, set[str]]:
    """By language, everything that may be answered: on several days, before and after the end, and fixed replies."""
    found: dict[str, set[str]] = {
        language: {variant.text for variants in catalogues()[language].responses.values() for variant in variants}
        for language in LANGUAGES
    }
    with own_copy(own_database, main_database) as session:
        for ended in (False, True):
            if ended:
                end(session, LAST_DAY, "operator")
            for day in DAYS:
                for _, language, reply in all_answers(session, date.fromisoformat(day)):
                    found[language].add(reply.text)
    return found


@each_claim
def test_no_answer_makes_the_claim(texts: dict[str, set[str]], claim: Claim) -> None:
    assert [clause for text in texts[claim.language] for clause in claim.made_in(text)] == []


@pytest.mark.parametrize(("claim", "example"), EXAMPLES, ids=[f"{c.row}-{c.language}-{e}" for c, e in EXAMPLES])
def test_claim_would_be_caught(claim: Claim, example: str) -> None:
    """Proof that the pattern above can match."""
    assert claim.made_in(example) == [example]


@each_claim
def test_honest_statement_on_the_same_is_not_taken_for_the_claim(claim: Claim) -> None:
    assert claim.made_in(claim.honest) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_of_what_is_not_said_is_watched(language: str) -> None:
    watched = {claim.row for claim in CLAIMS if claim.language == language}
    assert watched == {*(f"N{number}" for number in range(1, 22)), "T"}
