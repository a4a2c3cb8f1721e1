"""Engine, tables' base and migrations: the only code that knows which database is behind."""
