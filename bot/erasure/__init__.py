"""Erasure: deletes what is stored of a person; knows every table."""
