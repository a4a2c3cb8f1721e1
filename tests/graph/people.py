"""People who say the same four things over and over, in order: four answers over and over are right.

A message that is lost, answered twice or out of order, or apologised for instead of answered, breaks the pattern.
"""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import groupby
from random import Random

from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES
from graph.api import GraphApi
from graph.connected import Event, MessengerPage, events_of, seen, texts
from graph.webhooks import encode

SAID = ("Labdien!", "Vai mani atslēgs, ja kavēšu maksājumu?", "Paldies!", "Uz redzēšanos!")
HEARD = ("virtuālais asistents", "kavētu maksājumu dēļ", "kā palīdzēt", "Uz redzēšanos")
DELAYED = [catalogues()[language].variant("messenger_delayed").text for language in LANGUAGES]
CONNECTIONS = 8
CROWD_PATIENCE = 180.0  # seconds
Said = dict[str, list[Event]]


def conversations(graph: GraphApi, first: int, persons: int, turns: int) -> Said:
    """What each person says, in order, and as the page has seen it.

    Args:
        first: the first person's id.
    """
    began, meta = time.time() - persons * turns / 1000, events_of()
    people = [str(first + n) for n in range(persons)]
    said = {
        person: [meta.text(person, SAID[turn % 4], at=began + turn / 1000) for turn in range(turns)]
        for person in people
    }
    seen(graph, *(events[-1] for events in said.values()))
    return said


@contextmanager
def delivered(pages: list[MessengerPage], said: Said, seed: int) -> Iterator[None]:
    """Within the block, everything is delivered; at its end all was, however often it was not taken."""
    of_each = enumerate(_deliveries(said, Random(seed)))
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        delivering: list[Future[None]] = [pool.submit(_deliver, pages, events, number) for number, events in of_each]
        yield
        for each in delivering:
            each.result(CROWD_PATIENCE)


def _deliveries(said: Said, chance: Random) -> list[list[Event]]:
    """What each connection delivers: all of some persons. Each event one to five times, for the first time in the order
    in which they happened, again at any time after.
    """
    connections: list[list[tuple[float, Event]]] = [[] for _ in range(CONNECTIONS)]
    for n, events in enumerate(said.values()):
        firsts = sorted(chance.random() for _ in events)
        for place, event in zip(firsts, events, strict=True):
            again = [(place + chance.random() / 2, event) for _ in range(chance.randrange(5))]
            connections[n % CONNECTIONS] += [(place, event), *again]
    return [[event for _, event in sorted(places, key=lambda each: each[0])] for places in connections]


def _deliver(pages: list[MessengerPage], events: list[Event], seed: int) -> None:
    """One after the other in small batches, to any server; what is not taken is delivered again."""
    chance = Random(seed)
    for start in range(0, len(events), 3):
        batch = encode(pages[0].hooks.batch(*events[start : start + 3]))
        while not chance.choice(pages).post(batch).delivered:
            time.sleep(0.1)


def answers(graph: GraphApi, said: Said) -> dict[str, list[int]]:
    """Which of the four answers each person got, in order; -1 for anything else but that an answer takes longer."""
    told = {person: [text for text in texts(graph, person) if not is_delay(text)] for person in said}
    return {person: [_kind(text) for text in some] for person, some in told.items()}


def is_delay(text: str) -> bool:
    """Whether it only says that the answer takes longer."""
    return any(delay in text for delay in DELAYED)


def _kind(text: str) -> int:
    return next((n for n, part in enumerate(HEARD) if part in text), -1)


def once(answered: dict[str, list[int]]) -> dict[str, list[int]]:
    """The same without what came twice, one after the other."""
    return {person: [kind for kind, _ in groupby(some)] for person, some in answered.items()}
