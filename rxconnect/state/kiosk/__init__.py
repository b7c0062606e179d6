"""States of the kiosk's pages, for people in custody who are signed in."""
