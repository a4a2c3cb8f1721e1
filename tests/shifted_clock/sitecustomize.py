"""Shifts the clock of a Python program by an offset in seconds, which it reads from a file.

Python imports this at the start of any program that has this folder on its PYTHONPATH. Monotonic clocks are not
changed; with libfaketime Python's sleep fails, and time-machine shifts `time.monotonic` too.
"""

import datetime
import os
import time

PATH = os.environ["SHIFTED_CLOCK"]
_time, _datetime = time.time, datetime.datetime


def _shifted_time() -> float:
    with open(PATH, encoding="ascii") as file:
        return _time() + float(file.read())


class _AsDatetime(type):
    """What comes from C code is a datetime of the original class."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _datetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, _datetime)


class _ShiftedDatetime(_datetime, metaclass=_AsDatetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> _datetime:  # type: ignore[override]
        return _datetime.fromtimestamp(_shifted_time(), tz)

    @classmethod
    def utcnow(cls) -> _datetime:  # type: ignore[override]
        return _datetime.fromtimestamp(_shifted_time(), datetime.UTC).replace(tzinfo=None)


time.time = _shifted_time
time.time_ns = lambda: int(_shifted_time() * 1_000_000_000)
datetime.datetime = _ShiftedDatetime  # type: ignore[misc]
