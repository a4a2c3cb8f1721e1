"""One parser module for each family of transcript formats; each turns a file's content into a `Transcript`."""
