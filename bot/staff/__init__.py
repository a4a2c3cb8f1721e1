"""The company's people who use the console: accounts, roles, permissions, sessions, and the audit of what they do."""
