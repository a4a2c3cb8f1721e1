"""Places that announcements brought, as a process remembers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.models import PublishedPlace


@dataclass(frozen=True, eq=False)
class Place:
    """A place, with its names and all by which it is recognised.

    Attributes:
        names: by language; `cases`: the other cases of the Latvian one.
        called: other names, and slips.
    """

    id: str
    names: Mapping[str, str]
    cases: Mapping[str, str]
    called: tuple[str, ...]
    known_from: date

    @property
    def all_names(self) -> tuple[str, ...]:
        """Everything that it is called."""
        return tuple(dict.fromkeys((*self.names.values(), *self.cases.values(), *self.called)))


def read_places(session: Session) -> tuple[Place, ...]:
    """The places that were not taken back, the earliest known first."""
    query = select(PublishedPlace).where(PublishedPlace.retracted.is_(False))
    rows = session.execute(query.order_by(PublishedPlace.known_from, PublishedPlace.id)).scalars()
    return tuple(Place(row.id, row.names, row.cases or {}, tuple(row.called), row.known_from) for row in rows)
