"""Removals that can be undone for some seconds. The services of each noun remove and restore their own."""
