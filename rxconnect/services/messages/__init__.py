"""Messages: drafts, sending, status changes, and the views that pages show."""
