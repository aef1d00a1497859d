"""A dataset as others catalogue it: STAC collections and items, and stac-geoparquet."""
