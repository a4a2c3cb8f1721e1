"""The phone line: a gateway recognises and synthesises speech, and each turn is answered here (docs/phone.md)."""
