"""The ways in which rosters are written: names of columns, names of people, dates, words for a status and for nothing."""
