"""The demonstration: a believable world of invented people, made through the services."""
