"""How fast parts of the assistant are, against goals: `make bench` (docs/benchmarks.md)."""
