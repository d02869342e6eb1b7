"""Scripts and notebooks that make models, as frozen data. Nothing in them is ever run."""
