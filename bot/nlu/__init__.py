"""NLU (understanding): graph components for Rasa's pipeline, and their building blocks."""
