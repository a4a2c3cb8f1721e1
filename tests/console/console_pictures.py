"""Takes the screenshots of docs/desk.md: PYTHONPATH=. .venv/bin/python tests/console/console_pictures.py

They show the console with the invented requests of the demo, on a database of its own.
"""

import os
import tempfile
from pathlib import Path

from bot.settings import PROJECT

FOLDER = PROJECT / "docs" / "pictures"


def main() -> None:
    """Take both."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'pictures.db'}"
        _take()


def _take() -> None:
    from bot.desk.demo_requests import load_demo_requests
    from bot.desk.desk_requests import waiting
    from bot.knowledge.fact_store import bring_in
    from bot.knowledge.validation import load_folder
    from bot.schema.upgrading import upgrade
    from bot.staff.permissions import StaffRole
    from bot.staff.staff_accounts import add_account
    from bot.staff.staff_sessions import begin_session
    from bot.storage.engine import session_scope
    from harness.browser import chromium
    from harness.console import served

    upgrade()
    with session_scope() as session:
        bring_in(session, load_folder())
        load_demo_requests(session)
        token = begin_session(session, add_account(session, "anna", "Anna", StaffRole).id)
        live = next(one for one in waiting(session) if one.kind == "person")
    with served() as url, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 860})
        cookies = {"staff": token, "language": "en"}
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{url}/desk")
        page.screenshot(path=FOLDER / "console-queue.png")
        page.goto(f"{url}/desk/{live.reference}")
        page.locator("#state [data-take] button").click()
        page.locator("#writing").wait_for(state="visible")
        page.locator("#text").fill("Labdien! Kā varu palīdzēt?")
        page.locator("#say button").click()
        page.locator("#events .agent_said").wait_for()
        page.screenshot(path=FOLDER / "console-conversation.png", full_page=True)


if __name__ == "__main__":
    main()
