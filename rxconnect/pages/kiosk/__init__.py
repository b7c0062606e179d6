"""Pages of the kiosk: large type, few words, and nothing that stays for the next person."""
