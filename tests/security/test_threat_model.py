"""The threat model names tests that exist."""

import re

import pytest

from bot.settings import PROJECT

DOCUMENT = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
PROOFS = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", DOCUMENT)))
ROW = re.compile(r"^\| (?!attack|---)([^|]+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)


@pytest.mark.parametrize("proof", PROOFS)
def test_a_proof_exists(proof: str) -> None:
    path, _, name = proof.partition("::")
    assert re.search(
        rf"^(async )?def {name}\b" if name else "schema", (PROJECT / path).read_text(encoding="utf-8"), re.M
    )


@pytest.mark.parametrize(("attack", "proof"), ROW.findall(DOCUMENT))
def test_every_attack_has_a_proof(attack: str, proof: str) -> None:
    assert "`tests/" in proof
