"""Writing small knowledge files for the tests of this folder."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

LEFT_OUT = object()
GOOD = {
    "id": "line-hours",
    "key": "line_hours",
    "kind": "silence",
    "source": "release-2020-03-20",
    "rows": ["N10"],
    "text": {"lv": "Darba laiks nav nosaukts.", "en": "It names no hours."},
    "valid_from": date(2020, 4, 1),
    "approved_by": "support lead",
}


def fact(**changes: Any) -> dict[str, Any]:
    """A valid fact record with these keys changed; LEFT_OUT removes a key."""
    return {key: value for key, value in {**GOOD, **changes}.items() if value is not LEFT_OUT}


def write(path: Path, **content: Any) -> Path:
    """Write a knowledge file with these sections."""
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path
