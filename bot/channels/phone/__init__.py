"""The phone line: calls that a gateway turns into text and back, answered turn by turn (docs/phone.md)."""
