"""Who somebody is: accounts, passwords, sign-ins, known devices, and the limits on tries."""
