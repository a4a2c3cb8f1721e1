"""Training: the training data, and when a new model is trained."""
