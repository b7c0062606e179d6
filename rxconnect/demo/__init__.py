"""The demonstration: a realistic world of invented people, created through the services."""
