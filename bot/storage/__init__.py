"""Engine, column types and the declarative base of tables: the only code that knows which database is in use."""
