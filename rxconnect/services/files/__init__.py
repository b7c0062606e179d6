"""Import files of rows in any format, and the columns in them. Nothing here knows the meaning of the rows."""
