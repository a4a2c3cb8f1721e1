"""Requests for a person and complaints: recorded with a reference number."""
