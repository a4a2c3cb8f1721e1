"""What Prometheus would read of a running assistant."""

import requests
from prometheus_client.parser import text_string_to_metric_families
from running import Running  # tests/running.py

Labels = tuple[tuple[str, str], ...]


def scraped(running: Running, server: str = "BOT_METRICS_PORT") -> dict[tuple[str, Labels], float]:
    """Every figure by its name and labels; `server` is the variable that holds the port."""
    text = requests.get(f"http://127.0.0.1:{running.environment[server]}/metrics", timeout=10).text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for sample in samples}


def figure(running: Running, name: str, server: str = "BOT_METRICS_PORT", **labels: str) -> float:
    """One figure; 0 where nothing was counted yet."""
    return scraped(running, server).get((name, tuple(sorted(labels.items()))), 0.0)
