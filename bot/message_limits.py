"""How long a message may be, in characters."""

MESSAGE_LIMIT = 2_000  # for understanding and answering; the reply to a longer one says that it is too long
RAW_MESSAGE_LIMIT = 20_000  # of a message that is accepted, and stored as a complaint; a longer one is truncated
