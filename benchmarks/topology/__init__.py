"""The topology of deploy/compose.yml with real processes on this machine: nginx, two Rasa servers, two action servers,
PostgreSQL, Redis and RabbitMQ. `python -m benchmarks.topology` starts it; tests/topology and benchmarks.soak use it.
"""

from benchmarks.topology.part import Part, PartError
from benchmarks.topology.topology import Topology

__all__ = ["Part", "PartError", "Topology"]
