"""Custom actions and form validation, one module for each topic; thin: they call `bot`."""
