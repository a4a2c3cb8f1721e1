"""What all HTTP channels share."""
