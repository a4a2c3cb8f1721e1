"""Custom actions and form validation, one module a topic; thin: they call `bot`."""
