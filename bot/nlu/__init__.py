"""Understanding: graph components for Rasa's pipeline, and what they are built from."""
