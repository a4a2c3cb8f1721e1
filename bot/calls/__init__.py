"""Transcripts of recorded phone calls: read from many recognisers' files into one model of turns."""
