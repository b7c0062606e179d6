"""What RxConnect is about, in plain Python: no database, no web, no framework."""
