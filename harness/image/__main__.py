"""`python -m harness.image`: build the image, start both servers from it, and check it."""

import os
import shutil
import signal
import sys
import time
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp
from types import FrameType

from bot.keys.model_signatures import Keys, new_keys
from bot.server.probe import ready
from harness.image import CACHE, ImageError, checks, inspection
from harness.image.base import base_folder
from harness.image.contained import Container, Process
from harness.image.image import Images
from harness.image.production import HERE, environment, ports, secret_values, service, write_secrets
from harness.ports import free_port
from harness.topology import Part, PartError, services

# The storage takes five times the image; /tmp may be memory.
ROOM = Path("/var/tmp")  # noqa: S108


def main() -> None:
    """Run all checks; exits with status 1 and one message if one fails."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    if os.geteuid() != 0:
        sys.exit("The image is built and started as root only, in a folder of its own: sudo make deploy-check")
    folder = Path(mkdtemp(prefix="assistant-image-", dir=ROOM))
    folder.chmod(0o755)  # the users of the image, PostgreSQL and nginx need access to their folders
    try:
        _check(folder)
    except (ImageError, PartError) as error:
        sys.exit(f"The image is not right: {error}")
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check(folder: Path) -> None:
    log, keys = folder / "log", new_keys()
    _say("base (debootstrap, kept in .image/ for two weeks; 2 minutes)")
    base = base_folder(CACHE, log)
    store = folder / "images"
    store.mkdir()
    images = Images(store, log)
    try:
        images.import_base(base)
        _say("image (buildah; trains the model, 5 to 20 minutes)")
        began = time.monotonic()
        key = folder / "model-signing-key"
        key.write_text(keys.private, encoding="ascii")
        key.chmod(0o600)
        images.build(key)
        print(f"built in {time.monotonic() - began:.0f} s")
        root = images.root()
        _say("what is in it")
        _look(images, root, folder, keys)
        before = inspection.state(root)
        _run(images, root, folder, keys)
        changed = before.items() ^ inspection.state(root).items()
        checks.nothing_of(sorted({path for path, _ in changed}), "written below the root")
    finally:
        images.close()
    print("The image is built, runs, and is as it must be.")


def _look(images: Images, root: Path, folder: Path, keys: Keys) -> None:
    image, layers = images.configuration(), images.layers(folder / "layers")
    secrets = {"the private key that models are signed with": keys.private.encode()}
    checks.nothing_of(inspection.leaks(layers, secrets), "secrets in the image")
    checks.nothing_of(inspection.compilers(root), "compilers in the image")
    checks.nothing_of(inspection.writable(root, image.user, image.group), f"user {image.user} may write to")
    size = sum(path.stat().st_size for path in layers) / checks.MEBIBYTE
    size_of_base = sum(path.lstat().st_size for path in (CACHE / "bookworm").rglob("*") if path.is_file())
    print(f"{size:,.0f} MiB unpacked, {size_of_base / checks.MEBIBYTE:,.0f} of them the base; user {image.user}")
    shutil.rmtree(folder / "layers")


def _run(images: Images, root: Path, folder: Path, keys: Keys) -> None:
    _say("started as compose.yml does (bubblewrap), with PostgreSQL and Redis")
    of_rasa, of_actions = service("rasa-1"), service("actions-1")
    postgres, database_url = services.postgres(folder / "postgres", password=token_hex(24))
    redis, redis_url = services.redis(folder / "redis")
    given, here = secret_values(database_url, redis_url, keys.public), ports()
    write_secrets(folder / "secrets", given, of_rasa)
    image = images.configuration()
    os.chown(folder / "secrets", image.user, image.group)
    container = Container(root, image, of_rasa["tmpfs"], folder / "secrets", environment(of_rasa, given, here))
    health, bot = image.health, image.entrypoint
    rasa = _server(container, folder / "rasa.log", here["BOT_PORT"], of_rasa["command"])
    actions = _server(container, folder / "actions.log", here["BOT_ACTION_PORT"], of_actions["command"])
    parts: list[Part] = [postgres, redis, actions, rasa]
    try:
        for part in (postgres, redis):
            part.start()
            part.wait()
        checks.has_no_rights(container)
        checks.writes_nowhere_else(container)
        checks.fails(container, *health)
        checks.ends_well(container, *bot, "prepare")
        for part in (actions, rasa):
            part.start()
            part.wait()
        checks.ends_well(container, *health)
        # The probe asks the server in its container, the Rasa server first; here both are in one network.
        checks.ends_well(container, *health, BOT_PORT=str(free_port()))
        checks.answers(f"http://{HERE}:{here['BOT_PORT']}/chat/")
        checks.ends_well(container, *bot, "backup", "/var/lib/assistant/backup")
        for server in (rasa, actions):
            held = checks.memory(server)
            print(f"{server.name}: {held:.0f} MiB, ended {checks.ends_in_time(server):.1f} s after SIGTERM")
        checks.fails(container, *health)
    finally:
        for part in reversed(parts):
            part.kill()


def _server(container: Container, log: Path, port: str, command: list[str]) -> Process:
    return container.part(log.stem, log, lambda: bool(ready(int(port), "/health/ready")), *command)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(step: str) -> None:
    print(f"== {step}", flush=True)


if __name__ == "__main__":
    main()
