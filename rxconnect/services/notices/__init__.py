"""What we tell people outside the app. Today: emails."""
