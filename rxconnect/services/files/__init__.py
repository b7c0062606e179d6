"""Import files of rows: CSV, JSON lines, and the columns in them. Nothing here knows the meaning of the rows."""
