"""Inside: what a person in custody does at a kiosk, with their letters, replies, notices and the senders they block.

Every function is given an actor of the kind `KIOSK`, whose `inmate_id` is the person, and fetches by it.
"""
