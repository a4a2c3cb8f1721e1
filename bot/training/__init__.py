"""Training: what Rasa is given to learn from, and when it learns anew."""
