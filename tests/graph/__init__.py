"""A stand-in for Meta: the Graph API and the webhooks of a page, written from its documentation (NOTES.md)."""
