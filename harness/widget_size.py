"""How large the widget may be."""

MOST_BYTES = 27_500  # of all files, each gzipped separately as a web server does
