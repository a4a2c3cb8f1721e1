"""The versions of the patched packages: a monkeypatch fits only the code that it was made for."""

from importlib.metadata import PackageNotFoundError, version

from bot.preparation_error import PreparationError

# As in uv.lock. When upgrading one, review its rows in docs/patches.md and run the tests named there.
VERSIONS = {"rasa": "3.6.21", "rasa-sdk": "3.6.2", "sanic": "21.12.2"}


def check_versions() -> None:
    """Check that the installed versions are those that the patches were made for.

    Raises:
        PreparationError: a package has another version.
    """
    for package, wanted in VERSIONS.items():
        try:
            found = version(package)
        except PackageNotFoundError:
            found = "missing"
        if found != wanted:
            raise PreparationError(
                f"{package} is {found} here, but this assistant changes parts of {package} {wanted} (docs/patches.md); "
                "run 'make setup', or look through those patches and change bot/rasa/versions.py."
            )
