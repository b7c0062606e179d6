"""The frames that pages stand in: one that all share, and one a face."""
