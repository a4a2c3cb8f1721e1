"""Requests for a person as conversations make them."""
