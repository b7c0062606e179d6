"""The dashboard: the walk to a first letter, a letter begun right there, and the latest letters in one line."""
