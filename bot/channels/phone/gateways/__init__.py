"""One adapter module per gateway: its requests become `Heard`, and an `Answer` becomes its response."""
