"""The frames that pages stand in: the side menu with its bar on a phone, and the door for signing in."""
