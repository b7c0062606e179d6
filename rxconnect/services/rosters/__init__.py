"""Read the lists of people that agencies send: from a file to people by facility and number."""
