"""A clock for the tests of this folder, which is set and not waited for."""

NOW = 1_795_000_000.0  # 2026-11-18


class Clock:
    """Seconds since 1970, as long as nobody sleeps."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.now += seconds
