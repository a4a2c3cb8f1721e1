"""Benchmarks of the assistant's parts, compared with goals: `make bench` (docs/benchmarks.md)."""
