"""Announcements: proposed, checked, previewed, approved by a second person, published whole, and undone."""
