"""How large the widget may be: its files, each gzipped separately as a web server does."""

MOST_BYTES = 27_500  # of the files that every page loads
MOST_LATER = 9_000  # of those that are loaded when they are needed: talking with a person, downloading the conversation
