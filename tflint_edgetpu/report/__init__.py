"""What was found, in the formats people and programs read. Nothing is computed here."""
