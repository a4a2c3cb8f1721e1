"""Shared by tests and benchmarks: running assistants, throwaway servers, a browser, the topology, the image, and a
stand-in for Chatwoot.

Neither of the two imports the other (tests/test_floors.py).
"""
