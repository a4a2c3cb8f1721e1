"""Customers, contracts, invoices and payments."""
