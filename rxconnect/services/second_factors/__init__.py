"""The second factors of staff: passkeys, one-time codes, recovery codes, and the steps at which they are asked for."""
