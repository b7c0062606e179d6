"""Files of rows that somebody hands in: CSV, JSON, and the columns in them. Nothing here knows what the rows mean."""
