"""A placement as the compiler's table, as a picture, as JSON, CSV and Model Explorer's node data."""
