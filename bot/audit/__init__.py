"""Dependency audit: known vulnerabilities of the locked packages, compared with the accepted findings."""
