"""The rules and terms of RxConnect in plain Python: no database, no web, no framework."""
