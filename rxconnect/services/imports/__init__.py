"""One import from its file to its report, for rosters and for facilities."""
