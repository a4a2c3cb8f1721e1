"""The folder that replaces the base image: Debian 12 with its own Python 3.11, made by debootstrap."""

import re
import shutil
import time
from pathlib import Path

from harness.image import ImageError
from harness.image.programs import run

RELEASE = "bookworm"
# What the Dockerfile uses of python:3.11-slim-bookworm: Python with pip, certificates, time zones, names of ports.
PACKAGES = ("ca-certificates", "netbase", "python3", "python3-pip", "python3-venv", "tzdata")
OLDEST = 14 * 24 * 3600.0  # seconds; then it lacks security updates and is rebuilt
SECONDS = 1800.0  # for debootstrap, and for the updates
NEWEST = "apt-get update -qq && apt-get upgrade -y -qq && apt-get clean && rm -rf /var/lib/apt/lists/*"


def base_folder(cache: Path, log: Path) -> Path:
    """The base with its security updates; reuses one of an earlier run unless it is too old.

    Raises:
        ImageError: it could not be made; the message says why.
    """
    folder = cache / RELEASE
    if folder.is_dir() and time.time() - folder.stat().st_mtime < OLDEST:
        return folder
    draft = cache / f"{RELEASE}.new"
    cache.mkdir(exist_ok=True)
    for old in (folder, draft):
        if old.exists():
            shutil.rmtree(old)
    try:
        run(
            ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", RELEASE, draft],
            log,
            seconds=SECONDS,
        )
        sources = draft / "etc/apt/sources.list"
        sources.write_text(with_security_updates(sources.read_text(encoding="utf-8")), encoding="utf-8")
        run(["chroot", draft, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", NEWEST], log, seconds=SECONDS)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    draft.touch()
    return draft.rename(folder)


def with_security_updates(sources: str) -> str:
    """debootstrap's list of sources with Debian's security updates, from the same mirror.

    Raises:
        ImageError: the list does not have debootstrap's format.
    """
    found = re.search(rf"^deb (\S+?)/debian/? {RELEASE} main$", sources, re.MULTILINE)
    if found is None:
        raise ImageError(f"debootstrap has written a list of sources of another form: {sources!r}")
    return f"{sources.rstrip()}\ndeb {found[1]}/debian-security {RELEASE}-security main\n"
