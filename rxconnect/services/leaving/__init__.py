"""Departures: a person is released or moved, or an account is closed. Credits are returned, moved or refunded."""
