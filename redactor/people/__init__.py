"""Who is who over the whole bundle."""
