"""The reference number of a request: how it is made, and how it is recognised in a text."""

import secrets
from dataclasses import dataclass

PREFIX = "EL"
GROUPS, GROUP_LENGTH = 2, 4
# Without characters that are confused when read out on the phone (0/O, 1/I/L, B/8, S/5 …).
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
# As a customer may write one down: also with letters and digits that our numbers never contain.
WRITTEN = rf"\b{'-'.join([PREFIX, *[f'[A-Z0-9]{{{GROUP_LENGTH}}}'] * GROUPS])}\b"

# As we write it: our characters only, and not part of anything longer, such as an e-mail address.
OWN = rf"(?<![\w@.-]){'-'.join([PREFIX, *[f'[{ALPHABET}]{{{GROUP_LENGTH}}}'] * GROUPS])}(?![\w@-])"


@dataclass(frozen=True)
class Reference:
    """The reference number that identifies a request to the customer and to the company, such as `EL-7KQ4-XH3M`.

    Attributes:
        number: as it is written and stored.
    """

    number: str

    @classmethod
    def new(cls) -> "Reference":
        """A new reference number: 8 random characters, read out in two groups."""
        groups = ["".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)]
        return cls("-".join([PREFIX, *groups]))

    def __str__(self) -> str:
        return self.number
