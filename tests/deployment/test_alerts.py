"""Alerts use metrics that the assistant really exports, and each is documented."""

import re
from typing import Any

import pytest
from prometheus_client import REGISTRY

from bot.accounts.proving import REQUESTED
from bot.accounts.verification import Check
from bot.data_files import read_yaml
from bot.observing import metrics  # noqa: F401  (makes the figures)
from bot.settings import PROJECT

RULES: list[dict[str, Any]] = [
    rule for group in read_yaml(PROJECT / "deploy" / "prometheus" / "alerts.yml")["groups"] for rule in group["rules"]
]
OUTCOMES = {
    "bot_codes_total": {*REQUESTED},
    "bot_verifications_total": {check.value for check in Check},
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_alerts_look_at_figures_that_there_are(rule: dict[str, Any]) -> None:
    known = set(REGISTRY._names_to_collectors)
    assert set(re.findall(r"bot_\w+", rule["expr"])) <= known


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_alerts_look_for_outcomes_that_there_are(rule: dict[str, Any]) -> None:
    for name, outcomes in re.findall(r'(bot_\w+)\{outcome=~?"([^"]+)"\}', rule["expr"]):
        assert set(outcomes.split("|")) <= OUTCOMES[name]


def test_every_alert_is_explained() -> None:
    text = (PROJECT / "docs" / "monitoring.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", text, re.MULTILINE))
    assert {rule["alert"] for rule in RULES} <= explained
