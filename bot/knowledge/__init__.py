"""What the assistant may say: fact records, events and topics; loading, publishing and looking up on a date."""
