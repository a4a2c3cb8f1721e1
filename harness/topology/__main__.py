"""`python -m harness.topology [NAME=VALUE …]`: start the topology with settings of ours; Ctrl-C stops it."""

import signal
import sys
import time
from types import FrameType

from harness.topology import PartError, Topology


def main() -> None:
    """Start, print the URLs, and watch until stopped."""
    for number in (signal.SIGTERM, signal.SIGINT):  # also where SIGINT is ignored, as for a shell's background jobs
        signal.signal(number, _stop)
    started = time.monotonic()
    try:
        print("Starting nginx, Rasa and action servers, the console, PostgreSQL, Redis and RabbitMQ …", flush=True)
        with Topology(dict(each.split("=", 1) for each in sys.argv[1:])) as topology:
            print(f"Ready after {time.monotonic() - started:.0f} s. Open {topology.url} (Ctrl-C stops everything)")
            print(
                f"The console is {topology.console_url}. {topology.bot('staff', 'add', 'anna', '--name', 'Anna')}",
                end="",
            )
            print(f"Logs and databases, until then: {topology.folder}")
            for part in topology.parts.values():
                print(f"  {part.name:<10} process {part.pid}, log {part.log}")
            sys.stdout.flush()
            gone: set[str] = set()
            while True:
                for name, part in topology.parts.items():
                    if part.process and part.process.poll() is not None and name not in gone:
                        gone.add(name)
                        print(f"{name} has ended with status {part.process.returncode}.", flush=True)
                time.sleep(0.5)
    except KeyboardInterrupt:
        print("Stopped.")
    except PartError as error:
        sys.exit(str(error))


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
