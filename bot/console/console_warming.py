"""Reads at the start what the first page would otherwise wait for: templates, texts, topics, the calendar."""

from bot.clock import today
from bot.console.console_templates import TEMPLATES, environment
from bot.console.console_texts import console_texts
from bot.desk.calendar_days import holiday
from bot.desk.weekly_hours import weekly_hours
from bot.knowledge.topics import topics
from bot.replies.catalogue import catalogues


def warm_console() -> None:
    """Read and compile it all.

    Raises:
        DataFileError, CatalogueError, HoursError: a file of ours cannot be used.
    """
    for template in TEMPLATES.glob("*.html"):
        environment().get_template(template.name)
    console_texts()
    catalogues()
    topics()
    weekly_hours()
    holiday(today())
