"""NLU evaluation on held-out test sets: metrics, report, and the baseline that CI checks."""
