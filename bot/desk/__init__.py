"""The desk: what waits for a person, who has taken it, and what customer and person say to each other."""
