"""The parts of the `bot` command, one module a group."""
