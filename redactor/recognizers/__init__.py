"""The Presidio registry; Presidio's types stay in here."""
