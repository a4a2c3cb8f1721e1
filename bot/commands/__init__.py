"""The subcommands of `bot`, one module for each group."""
