"""What somebody may have meant by a name that is not there."""

from collections.abc import Iterable
from difflib import get_close_matches

LIKENESS = 0.75  # of letters, below which a name is no slip of another


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` (did you mean 'emergency'?)`, to be put behind a name in a message; empty where none is like it."""
    found = get_close_matches(name, sorted(known), n=1, cutoff=LIKENESS)
    return f" (did you mean '{found[0]}'?)" if found else ""


def unknown_event(name: str, known: Iterable[str]) -> str:
    """`there is no event 'emergncy' (did you mean 'emergency'?); the events are emergency, storm`."""
    events = sorted(known)
    listed = f"the events are {', '.join(events)}" if events else "there are no events"
    return f"there is no event '{name}'{did_you_mean(name, events)}; {listed}"
