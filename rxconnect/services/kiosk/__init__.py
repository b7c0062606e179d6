"""The kiosk's door: kiosks and their codes, PINs, and sign-ins at a kiosk. What a person does inside is in `services.inside`."""
