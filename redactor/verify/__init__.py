"""A second, independent look at every finished copy."""
