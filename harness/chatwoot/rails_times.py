"""Times as Rails and Chatwoot write them: whole Unix seconds in most places, ISO 8601 with milliseconds in others."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def unix_seconds(moment: datetime | None) -> int:
    """Whole seconds since 1970; 0 for never, as Ruby's ``nil.to_i``."""
    return int(moment.timestamp()) if moment else 0


def iso_milliseconds(moment: datetime | None) -> str | None:
    """Such as ``2020-04-01T12:00:00.123Z``; None for never."""
    if moment is None:
        return None
    in_utc = moment.astimezone(UTC)
    return f"{in_utc:%Y-%m-%dT%H:%M:%S}.{in_utc.microsecond // 1000:03d}Z"
