"""Writes the tables of docs/settings.md: `python -m bot.settings.page`. The prose around them is written by hand."""

from typing import Any

from bot.settings.project import PROJECT
from bot.settings.setting import Setting
from bot.settings.table import SECTIONS

PAGE = PROJECT / "docs" / "settings.md"
BEGIN, END = "<!-- written by python -m bot.settings.page -->", "<!-- end of what is written -->"
HEAD = "| variable | secret | what | without it |\n|---|---|---|---|"


def page(present: str) -> str:
    """The page with its tables brought up to date.

    Args:
        present: the page as it is, with both markers.
    """
    before, rest = present.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


def tables() -> str:
    """A table for each section, in Markdown."""
    return "\n\n".join(
        "\n".join((f"### {title}\n\n{HEAD}", *map(_row, settings))) for title, settings in SECTIONS.items()
    )


def _row(setting: Setting[Any]) -> str:
    what = f"{setting.help}{'; https in production' if setting.needs_https else ''}{' *' if setting.is_needed else ''}"
    without = setting.without or str(setting.default) or "none"
    return f"| `{setting.name}` |{' secret ' if setting.is_secret else ' '}| {what} | {without} |"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
