"""A server as a child process of `bot serve`, with its own log file."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from bot import deadlines
from bot.server.parent import WITH_PARENT
from bot.settings import PROJECT

TAIL = 2000  # characters at a log's end in which a dead server's last line is looked for


class Child:
    """A module that runs as a server process; `start` may be called again when it has died."""

    def __init__(self, name: str, arguments: list[str], environment: dict[str, str], logs: Path) -> None:
        self.name = name
        self.log = logs / f"{name.replace(' ', '-').lower()}.log"
        self._arguments, self._environment = arguments, environment
        self._process: subprocess.Popen[bytes] | None = None
        logs.mkdir(parents=True, exist_ok=True)
        self.log.write_bytes(b"")

    def start(self) -> None:
        """Start the process; its log is appended to."""
        with self.log.open("ab") as output:
            # A session of its own: Ctrl-C reaches only the parent, which stops the children in order, and theirs.
            self._process = subprocess.Popen(  # noqa: S603 (our own modules)
                [sys.executable, "-m", *self._arguments, WITH_PARENT],
                cwd=PROJECT,
                env=self._environment,
                stdin=subprocess.PIPE,  # never written to; its end of file tells the child that this process has ended
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def died(self) -> str | None:
        """The message that the process has died, or None while it runs."""
        code = self._process.poll() if self._process else None
        if code is None:
            return None
        how = f"ended by {_signal_name(-code)}" if code < 0 else f"exit status {code}"
        lines = self.log.read_text(encoding="utf-8", errors="replace")[-TAIL:].strip().splitlines()
        # A process killed by a signal logs nothing about it; Sanic exits with status 0 where its port is taken.
        last = f' Its last words: "{lines[-1].strip()}".' if lines and code >= 0 else ""
        return f"The {self.name} stopped by itself ({how}, log: {self.log}).{last}"

    def clear_away(self) -> None:
        """Kill what is left of a dead process's group, since it may still occupy the port."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Stop the process and its descendants."""
        if self._process is None:
            return
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(deadlines.KILL)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()
        self.clear_away()

    def _signal(self, number: signal.Signals) -> None:
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
