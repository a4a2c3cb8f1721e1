"""What happens: the figures of a day or a period with their definitions, over time, by topic, channel and language."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from babel.numbers import format_decimal, format_percent
from starlette.responses import Response

from bot.clock import today
from bot.console.console_routes import ConsolePage, ConsoleRoute
from bot.console.console_visit import Refusal, Visit
from bot.console.svg_charts import bars, lines
from bot.figures.counted_things import RECORDED_CALLS, Counted
from bot.figures.definitions import FigureName, definitions
from bot.figures.desk_counts import LONGER
from bot.figures.figure_exports import KINDS, exported
from bot.figures.figure_values import FigureValue, figure_values, named
from bot.figures.reading import FiguresAsked, Sum, points, sums
from bot.known_channels import CHANNELS
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES
from bot.staff.permissions import StaffAct
from bot.staff.staff_audit import AuditedAct

PATH = "/figures"
LONGEST = 3 * 366  # days
TOPICS = 15  # in the chart; the table has all
PRESETS = {"today": (0, 0), "yesterday": (1, 1), "week": (6, 0), "thirty-days": (29, 0), "year": (364, 0)}  # days ago
SHOWN_CHANNELS = (*(channel.name for channel in CHANNELS), RECORDED_CALLS)
OVER_TIME = (Counted.CONVERSATION, Counted.TURN)
TROUBLE = (Counted.ASKED_BACK, Counted.NOT_UNDERSTOOD, Counted.OUT_OF_SCOPE, Counted.CONVERSATION_HANDED_OVER)
BY_CHANNEL = (*OVER_TIME, Counted.ANSWERED, *TROUBLE)
MINUTE, HOUR = 60, 3_600
TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


def show(visit: Visit) -> Response:
    """The page; parameters `period` (of `PRESETS`) or `first` and `last`, `channel`, `language`."""
    asked = _asked(visit)
    found = sums(visit.session, asked, ("what", "name", "channel", "language"))
    values = figure_values(_by(found, 3))
    over_time = points(visit.session, asked, (*OVER_TIME, *TROUBLE))
    texts = catalogues()[visit.language].titles
    topics = [(texts.get(name, name), count) for name, count in named(_by(found, 2), Counted.TOPIC)]
    places = named(_by(found, 2), Counted.PLACE)
    moments = [at for at, _ in over_time]
    return visit.page(
        "figures.html",
        asked=asked,
        period=visit.parameter("period"),
        presets=list(PRESETS),
        channels=SHOWN_CHANNELS,
        languages=LANGUAGES,
        figures=[
            (definitions()[visit.language][name], shown(values[name], visit.language, visit)) for name in FigureName
        ],
        moments=[(_moment(at), counts) for at, counts in over_time],
        charts=[
            (key, whats, _chart(visit, whats, moments, [counts for _, counts in over_time]))
            for key, whats in (("volume", OVER_TIME), ("trouble", TROUBLE))
        ],
        topics=topics,
        topics_chart=bars(topics[:TOPICS]) if topics else None,
        places=places,
        by_channel=_table(found),
        by_channel_whats=BY_CHANNEL,
        number=lambda count: format_decimal(count, locale=visit.language),
        kinds=KINDS,
        query=_query(asked),
        export_act=StaffAct.EXPORT_FIGURES,
    )


def export(visit: Visit) -> Response:
    """The figures of a period as a file; parameters as the page's, `rows` ("days" or "conversations"), `kind`."""
    kind, rows, asked = visit.parameter("kind"), visit.parameter("rows"), _asked(visit)
    if kind not in KINDS:
        raise Refusal(400, "no_file")
    try:
        content = exported(visit.session, asked, kind, conversations=rows == "conversations")
    except ImportError as error:
        raise Refusal(501, "no_parquet") from error
    visit.audit(AuditedAct.FIGURES_EXPORTED, f"{asked.first}:{asked.last}")
    name = f"{'conversations' if rows == 'conversations' else 'figures'}-{asked.first}-{asked.last}.{kind}"
    return Response(content, media_type=TYPES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def shown(value: FigureValue, language: str, visit: Visit) -> str:
    """A figure as text."""
    if value.mean is not None:
        return f"{format_decimal(round(value.mean, 1), locale=language)} ({value.number})"
    if value.seconds is not None:
        return _time(value.seconds, visit)
    if value.number is None or (value.number == 0 and value.share is None):
        return visit.t("figures.none") if value.number is None else "0"
    text: str = format_decimal(value.number, locale=language)
    return text if value.share is None else f"{text} ({format_percent(value.share, locale=language)})"


def _time(name: str, visit: Visit) -> str:
    if name == LONGER:
        return visit.t("figures.longer")
    seconds = int(name)
    if seconds < MINUTE:
        return visit.t("figures.seconds", number=seconds)
    if seconds < HOUR:
        return visit.t("queue.minutes", number=seconds // MINUTE)
    return visit.t("queue.hours", number=seconds // HOUR)


def _asked(visit: Visit) -> FiguresAsked:
    channel, language = visit.parameter("channel"), visit.parameter("language")
    first, last = _days(visit)
    return FiguresAsked(
        first,
        last,
        channel if channel in SHOWN_CHANNELS else None,
        language if language in LANGUAGES else None,
    )


def _days(visit: Visit) -> tuple[date, date]:
    since, until = visit.parameter("first"), visit.parameter("last")
    if visit.parameter("period") in PRESETS or not (since and until):
        ago = PRESETS.get(visit.parameter("period"), PRESETS["today"])
        first, last = (today() - timedelta(days=days) for days in ago)
        return first, last
    try:
        first, last = date.fromisoformat(since), date.fromisoformat(until)
    except ValueError as error:
        raise Refusal(400, "no_period") from error
    if not first <= last <= first + timedelta(days=LONGEST):
        raise Refusal(400, "no_period")
    return first, last


def _by(found: Sequence[Sum], columns: int) -> list[Sum]:
    """The sums by the first columns only."""
    counts: Counter[tuple[str, ...]] = Counter()
    for one in found:
        counts[one.by[:columns]] += one.count
    return [Sum(by, count) for by, count in counts.items()]


def _table(found: Sequence[Sum]) -> list[tuple[str, str, dict[str, int]]]:
    """By channel and language, the counts of `BY_CHANNEL`."""
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for one in found:
        what, _, channel, language = one.by
        if what in BY_CHANNEL:
            counts = rows.setdefault((channel, language), {})
            counts[what] = counts.get(what, 0) + one.count
    return [(channel, language, counts) for (channel, language), counts in sorted(rows.items())]


def _chart(
    visit: Visit, whats: Sequence[Counted], moments: Sequence[datetime | date], counts: Sequence[dict[str, int]]
) -> object:
    series = [(visit.t(f"counted.{what}"), [each.get(what, 0) for each in counts]) for what in whats]
    return lines(series, moments)


def _moment(at: datetime | date) -> str:
    return f"{at.day}.{at.month}. {at:%H:%M}" if isinstance(at, datetime) else f"{at.day}.{at.month}.{at.year}."


def _query(asked: FiguresAsked) -> dict[str, str]:
    return {
        "first": asked.first.isoformat(),
        "last": asked.last.isoformat(),
        "channel": asked.channel or "",
        "language": asked.language or "",
    }


PAGE = ConsolePage(
    "figures",
    PATH,
    StaffAct.SEE_FIGURES,
    (
        ConsoleRoute("GET", PATH, StaffAct.SEE_FIGURES, show),
        ConsoleRoute("GET", f"{PATH}/file", StaffAct.EXPORT_FIGURES, export),
    ),
)
