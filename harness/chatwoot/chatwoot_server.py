"""The stand-in as a test uses it: it starts, it stops, it is steered, and it tells what it saw."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from types import TracebackType

from aiohttp import web

from harness.chatwoot.announcements import Announcements
from harness.chatwoot.courier import Courier, Delivery
from harness.chatwoot.desk_life import DeskLife
from harness.chatwoot.desk_records import ApiInbox, Message, MessageStatus, Role
from harness.chatwoot.desk_store import DeskStore
from harness.chatwoot.loop_thread import LoopThread
from harness.chatwoot.misbehaviour import Fault, Misbehaviours
from harness.chatwoot.rails_times import utc_now
from harness.chatwoot.releases import NEWEST, Release
from harness.chatwoot.request_log import ApiRequest
from harness.chatwoot.steering import Steering
from harness.chatwoot.web_application import web_application

HOST = "127.0.0.1"


class ChatwootServer(Steering):
    """A context manager. It serves in a thread of its own; its methods may be called from any other.

    There is an account with an ``administrator``, an ``agent`` and a ``bot``, each with an ``access_token``, and no
    inbox yet.
    """

    def __init__(
        self,
        *,
        release: Release = NEWEST,
        port: int = 0,
        webhook_timeout_seconds: float = 5.0,
        deliver_in_order: bool = True,
        messages_per_minute: int = 200,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Defaults are Chatwoot's, but for the order: its webhooks may overtake each other at any time.

        Args:
            port: 0 for any that is free.
            webhook_timeout_seconds: how long a receiver may take (WEBHOOK_TIMEOUT).
            messages_per_minute: of a conversation (CONVERSATION_MESSAGE_PER_MINUTE_LIMIT).
            now: the desk's clock, which also dates signatures.
        """
        self.release, self.port = release, port
        self.store = DeskStore(now)
        self.account = self.store.add_account("Desk")
        self.administrator = self.store.add_user(self.account, "Administrator", Role.ADMINISTRATOR)
        self.agent = self.store.add_user(self.account, "Agent", Role.AGENT)
        self.bot = self.store.add_bot(self.account, "Bot")
        self._timeout, self._in_order, self._now = webhook_timeout_seconds, deliver_in_order, now
        self._faults, self._log = Misbehaviours(), list[ApiRequest]()
        self._thread: LoopThread | None = None
        self._courier: Courier | None = None
        self._messages_per_minute = messages_per_minute

    @property
    def base_url(self) -> str:
        """Such as ``http://127.0.0.1:30000``, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    @property
    def thread(self) -> LoopThread:
        """Where records may be touched. Raises RuntimeError while the server does not run."""
        if self._thread is None:
            raise RuntimeError("The stand-in of Chatwoot does not run: use it as a context manager, or call start().")
        return self._thread

    @property
    def courier(self) -> Courier:
        """Who brings webhooks."""
        if self._courier is None:
            raise RuntimeError("The stand-in of Chatwoot has not been started.")
        return self._courier

    def start(self) -> None:
        """Serves, with what was there before a stop, at the port that it had."""
        self._thread = LoopThread("chatwoot")
        try:
            self._thread.run(self._serve())
        except BaseException:
            self._thread.stop()
            self._thread = None
            raise
        self._sending: Future[None] = self._thread.start(self.courier.run())

    async def _serve(self) -> None:
        before = self._courier.deliveries if self._courier else []
        self._courier = Courier(
            self._faults, self._now, self._fail, timeout_seconds=self._timeout, in_order=self._in_order
        )
        self._courier.deliveries.extend(before)
        announcements = Announcements(self._courier.tell, self.release)
        self.life = DeskLife(self.store, announcements, self._messages_per_minute)
        application = web_application(self.store, self.life, self.release, self._faults, self._log)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self.port).start()
        self.port = self._runner.addresses[0][1]
        self.store.site_url = self.base_url

    def _fail(self, message: Message, error: str) -> None:
        self.life.set_message_status(message, MessageStatus.FAILED, error)

    def stop(self) -> None:
        """Closes all connections; what is on its way is lost. Its records stay."""
        thread, self._thread = self.thread, None
        thread.run(self._runner.cleanup())
        thread.stop()

    def __enter__(self) -> "ChatwootServer":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def misbehave(self, *faults: Fault) -> None:
        """Asks for faults; each befalls the next webhooks or requests that it is about."""
        for fault in faults:
            self.thread.call(self._faults.add, fault)

    def behave(self) -> None:
        """No more faults, and what was held back for others is sent."""
        self.thread.call(self._faults.clear)
        self.thread.call(self.courier.release_held)

    def send_again(self, delivery: Delivery, *, same_delivery_id: bool = True) -> None:
        """A webhook once more, as if Sidekiq had run its job twice, or its listener."""
        self.thread.call(self.courier.send_again, delivery, same_delivery_id=same_delivery_id)

    def settle(self, timeout_seconds: float = 30.0) -> None:
        """Returns when no webhook is on its way. In asyncio code: ``await asyncio.to_thread(server.settle)``.

        Raises:
            TimeoutError: some still are.
        """
        self.thread.run(self.courier.idle(), timeout_seconds)

    def deliveries(self, *events: str, inbox: ApiInbox | None = None) -> list[Delivery]:
        """Webhooks so far, in the order in which they came about: all, or those of some events or of an inbox."""
        so_far = self.thread.call(lambda: list(self.courier.deliveries))
        return [d for d in so_far if (not events or d.event in events) and inbox in {None, d.inbox}]

    def requests(self, path: str = "") -> list[ApiRequest]:
        """Requests so far whose path contains ``path``."""
        return [request for request in self.thread.call(lambda: list(self._log)) if path in request.path]
