"""What the assistant may say: fact records, events and topics; loading, publishing and look-up by date."""
