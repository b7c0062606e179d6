"""Reports of a facility: what became of its letters, how long decisions took, and the export for public-records requests."""
