"""The topology of deploy/compose.yml with real processes on this machine: nginx, two Rasa servers, two action servers,
the console, PostgreSQL, Redis and RabbitMQ. `python -m harness.topology` starts it; tests/topology and
benchmarks use it.
"""

from harness.topology.part import Part, PartError
from harness.topology.topology import Topology

__all__ = ["Part", "PartError", "Topology"]
