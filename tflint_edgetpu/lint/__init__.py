"""Rules over everything that is known of a file."""
