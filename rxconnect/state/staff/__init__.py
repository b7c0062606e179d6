"""States of the pages for staff."""
