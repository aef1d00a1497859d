"""What was measured of pixels, as documents. Pydantic reads these annotations at run time."""

from pydantic import BaseModel


class HistogramView(BaseModel):
    """256 bins of equal width from `low` to `high`: bin k counts the values from low + k × (high - low) / 256 up to
    the next one. Where whole numbers are counted one by one, a bin is one value wide."""

    low: float
    high: float
    counts: list[int]


class BandStatistics(BaseModel):
    """What was measured of one band; `std` is that of the population."""

    band: str
    min: float
    max: float
    mean: float
    std: float
    histogram: HistogramView
