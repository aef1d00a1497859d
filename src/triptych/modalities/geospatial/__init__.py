"""Rasters that lie on the ground: any number of bands, values that mean nothing, a place."""
