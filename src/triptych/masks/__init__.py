"""Masks: run lengths and polygons, as COCO has them."""
