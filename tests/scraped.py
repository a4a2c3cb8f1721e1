"""Scrapes the metrics of a running assistant, like Prometheus."""

import requests
from prometheus_client.parser import text_string_to_metric_families
from running import Running  # tests/running.py

Labels = tuple[tuple[str, str], ...]


def scraped(running: Running, server: str = "BOT_METRICS_PORT") -> dict[tuple[str, Labels], float]:
    """Every metric by its name and labels; `server` is the variable with the port."""
    text = requests.get(f"http://127.0.0.1:{running.environment[server]}/metrics", timeout=10).text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for sample in samples}


def figure(running: Running, name: str, server: str = "BOT_METRICS_PORT", **labels: str) -> float:
    """One metric; 0 if nothing was counted yet."""
    return scraped(running, server).get((name, tuple(sorted(labels.items()))), 0.0)
