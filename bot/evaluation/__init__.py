"""How well customers are understood: test sets, figures, the report, and the baseline that CI holds."""
