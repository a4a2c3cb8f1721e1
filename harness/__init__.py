"""Shared by tests and benchmarks: running assistants, throwaway servers, a browser, the topology, the image.

Neither of the two imports the other (tests/test_floors.py).
"""
