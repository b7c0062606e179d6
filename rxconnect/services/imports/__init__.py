"""Imports of rosters and facilities: from the file to the report."""
