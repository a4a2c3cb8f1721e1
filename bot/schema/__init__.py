"""The whole database schema: migrations, and backup."""
