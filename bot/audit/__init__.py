"""Known vulnerabilities of what this is built on: looked up, and compared with those that were looked at."""
