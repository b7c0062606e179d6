"""Who and where: facilities, the people in them, and the contacts of an account."""
