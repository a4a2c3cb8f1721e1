"""Recorded phone calls: transcripts of many recognisers, parsed into one model, redacted, analysed and reported."""
