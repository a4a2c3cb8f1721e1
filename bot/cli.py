"""The `bot` command."""

import typer

from bot.commands import (
    announcement_command,
    audit,
    backup,
    calls,
    emergency,
    evaluate,
    events,
    facts,
    figures,
    messenger,
    model,
    new_topics,
    outbox,
    parts,
    phone,
    places,
    privacy,
    review,
    run,
    staff,
    talk,
)

app = typer.Typer(
    help="The Elektrum assistant: serve it, talk to it, train it, change what it may say.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(run.serve)
app.command()(run.train)
app.command()(parts.prepare)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(talk.chat)
app.command()(talk.parse)
app.command()(evaluate.evaluate)
app.command()(evaluate.explain)
app.command()(outbox.outbox)
app.add_typer(parts.app, name="run")
app.command()(audit.audit)
app.add_typer(facts.app, name="facts")
app.add_typer(announcement_command.app, name="announcement")
app.add_typer(emergency.app, name="emergency")
app.add_typer(places.app, name="places")
app.add_typer(events.app, name="events")
app.add_typer(calls.app, name="calls")
app.add_typer(figures.app, name="figures")
app.add_typer(messenger.app, name="messenger")
app.add_typer(model.app, name="model")
app.add_typer(phone.app, name="phone")
app.add_typer(privacy.app, name="privacy")
app.add_typer(review.app, name="review")
app.add_typer(new_topics.app, name="new-topics")
app.add_typer(staff.app, name="staff")


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
