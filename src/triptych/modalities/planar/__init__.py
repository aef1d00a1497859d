"""Planar pictures: JPEG and PNG from bytes to pixels, measurements, thumbnails, tiles and pyramids."""
