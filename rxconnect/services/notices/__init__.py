"""Notices to people outside the app. Today these are emails."""
