"""States of the pages for families."""
