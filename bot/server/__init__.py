"""Starts, supervises and stops the two servers."""
