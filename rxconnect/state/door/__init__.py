"""States of the pages for people who need not be signed in."""
