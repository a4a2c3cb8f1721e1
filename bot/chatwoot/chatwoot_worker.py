"""Tells Chatwoot what it must hear, and looks what its agents did; one thread per conversation at a time.

Any number of processes may do so: what is to be done is taken by an UPDATE in the database. What a worker that dies had
taken is free again after `CHATWOOT_CLAIM`.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import deadlines
from bot.chatwoot import chatwoot_links as links
from bot.chatwoot.agent_words import first_name
from bot.chatwoot.agents_heard import look
from bot.chatwoot.chatwoot_api import PART, ChatwootApi, ChatwootError, ChatwootFault
from bot.chatwoot.chatwoot_desk import ChatwootDesk
from bot.chatwoot.chatwoot_links import ChatwootLink
from bot.chatwoot.settings import ChatwootSettings, chatwoot_settings
from bot.desk import desk_outbox, presence
from bot.desk.desk_outbox import DeskOutboxItem, OutboxKind
from bot.observing import metrics
from bot.observing.error_place import place_of
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope
from bot.words.reference import Reference

logger = logging.getLogger(__name__)
THREADS = 8
POLL = 0.3  # seconds
AFTER_AN_ERROR = 2.0  # seconds
PRESENCE_EVERY = deadlines.PRESENCE / 3
PRESENCE_AFTER_A_REFUSAL = 600.0
REFERENCE = "reference"  # in everything that is told
HERE = {"online": True, "busy": False}  # Chatwoot's `availability_status` of those who are there: who is available
news = threading.Event()  # set by whoever knows that there is something to do, in this process


async def work_for_chatwoot() -> None:
    """Work until cancelled; returns at once where people answer at the own desk.

    Raises:
        SettingsError: a setting is missing.
    """
    if (settings := chatwoot_settings()) is None:
        return
    worker = ChatwootWorker(settings)
    try:
        await asyncio.to_thread(worker.run)
    finally:
        worker.stop()


class ChatwootWorker:
    """One process's worker."""

    def __init__(self, settings: ChatwootSettings) -> None:
        self._api = ChatwootApi(settings)
        self._stops = threading.Event()
        self._busy: set[str] = set()
        self._paused_until = self._next_presence = 0.0

    def run(self) -> None:
        """Work until `stop`; then what is being told is told to its end."""
        with ThreadPoolExecutor(THREADS, "chatwoot") as pool:
            while not self._stops.is_set():
                news.clear()
                try:
                    self._begin_what_is_due(pool)
                except (SQLAlchemyError, OSError) as error:
                    logger.error("What Chatwoot must hear cannot be read: %s.", type(error).__name__)
                    self._stops.wait(AFTER_AN_ERROR)
                news.wait(POLL)
        self._api.close()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stops.set()
        news.set()

    def _begin_what_is_due(self, pool: ThreadPoolExecutor) -> None:
        if time.monotonic() < self._paused_until:
            return
        now = datetime.now(UTC)
        with session_scope() as session:
            items = desk_outbox.due(session, now)
            looks = links.due_looks(session, now, THREADS)
        for item in items:
            self._begin(pool, f"tell {item.conversation_id}", self._tell, item)
        for link in looks:
            self._begin(pool, f"look {link.id}", self._look, link)
        if time.monotonic() >= self._next_presence:
            self._next_presence = time.monotonic() + PRESENCE_EVERY
            self._begin(pool, "presence", self._note_presence)

    def _begin(self, pool: ThreadPoolExecutor, key: str, work: Callable[..., None], *arguments: object) -> None:
        if key in self._busy or len(self._busy) >= THREADS:
            return
        self._busy.add(key)
        pool.submit(self._do, key, work, *arguments)

    def _do(self, key: str, work: Callable[..., None], *arguments: object) -> None:
        try:
            work(*arguments)
        except (SQLAlchemyError, OSError) as error:  # it is due again
            logger.error("Work for Chatwoot failed: %s.", type(error).__name__)
            self._paused_until = time.monotonic() + AFTER_AN_ERROR
        except Exception as error:
            metrics.failed(error, PART)
            logger.error("Work for Chatwoot failed: %s, %s.", type(error).__name__, place_of(error))
        finally:
            self._busy.discard(key)
            news.set()

    def _tell(self, item: DeskOutboxItem) -> None:
        lasts = timedelta(seconds=deadlines.CHATWOOT_CLAIM)
        with session_scope() as session:
            if not desk_outbox.taken(session, item, now=datetime.now(UTC), lasts=lasts):
                return
        if not item.payload:
            logger.error("Something for Chatwoot is dropped: it cannot be read with this server's key.")
            with session_scope() as session:
                desk_outbox.delivered(session, item.id)
            return
        desk = ChatwootDesk(self._api, was_tried=item.attempts > 0)
        try:
            desk_outbox.deliver(item, desk)
        except ChatwootError as error:
            self._heed(error)
            if error.fault is ChatwootFault.REFUSED and item.kind is not OutboxKind.FORGOTTEN:
                self._set_aside(item, desk)
                return
            with session_scope() as session:
                desk_outbox.failed(session, item, pause=timedelta(seconds=max(error.pause, error.late)))
            return
        with session_scope() as session:
            if item.kind is OutboxKind.CUSTOMER_SAID:
                _count(session, item)
            desk_outbox.delivered(session, item.id)

    def _set_aside(self, item: DeskOutboxItem, desk: ChatwootDesk) -> None:
        """Put something aside that Chatwoot will never take, so that what is behind it arrives; agents are told."""
        with session_scope() as session:
            desk_outbox.set_aside(session, item.id)
        logger.error("Chatwoot does not take number %s of the outbox (%s): it is set aside.", item.id, item.kind)
        if item.kind is OutboxKind.CUSTOMER_SAID:
            with suppress(ChatwootError):
                desk.note_refused(item.payload)

    def _look(self, link: ChatwootLink) -> None:
        now = datetime.now(UTC)
        until = now + timedelta(seconds=deadlines.CHATWOOT_CLAIM)
        with session_scope() as session:
            if not links.take_look(session, link, until):
                return
        try:
            look(self._api, link, until)
        except ChatwootError as error:
            self._heed(error)
            # What is gone is noticed again when the customer writes.
            is_gone = error.fault is ChatwootFault.GONE
            later = timedelta(hours=1) if is_gone else timedelta(seconds=max(error.pause, AFTER_AN_ERROR))
            with session_scope() as session:
                links.look_again(session, link, until, datetime.now(UTC) + later)

    def _note_presence(self) -> None:
        """Note which agents are there, so that customers hear whether somebody is."""
        try:
            agents = self._api.agents()
        except ChatwootError as error:
            self._heed(error)
            if error.fault is not ChatwootFault.LATER:
                self._next_presence = time.monotonic() + PRESENCE_AFTER_A_REFUSAL
            return
        with session_scope() as session:
            for agent in agents:
                number, status = agent.get("id"), agent.get("availability_status")
                if isinstance(number, int) and isinstance(status, str) and status in HERE:
                    # Chatwoot does not know who speaks what.
                    presence.seen(session, -number, first_name(agent), LANGUAGES, is_available=HERE[status])

    def _heed(self, error: ChatwootError) -> None:
        logger.error("Chatwoot: %s.", error)
        if error.pause:
            self._paused_until = max(self._paused_until, time.monotonic() + error.pause)


def _count(session: Session, item: DeskOutboxItem) -> None:
    if link := links.of_request(session, Reference(str(item.payload[REFERENCE]))):
        links.told_once_more(session, link)
