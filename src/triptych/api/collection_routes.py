"""The collections that rasters come from. FastAPI reads these annotations at run time."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from triptych.api.dependencies import Access, installation_of, signed_in

router = APIRouter(prefix="/collections", tags=["collections"])

SignedIn = Annotated[Access, signed_in()]


class CollectionBandView(BaseModel):
    """A band of a collection. `resolution` is in metres, `wavelength` in nanometres, `color` its role R, G or B;
    values are `scale` times the samples."""

    name: str
    description: str
    resolution: float | None
    color: str | None
    wavelength: float | None
    scale: float


class CollectionView(BaseModel):
    """A collection of a connector. `variables` is how many bands there are where they are not listed."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "connector": "sentinelhub",
                "collection": "s2_l2a",
                "title": "sentinelhub - s2_l2a",
                "modality_tag": "S2L2A",
                "resolution": 10.0,
                "nodata": None,
                "variables": 0,
                "bands": [
                    {
                        "name": "B04",
                        "description": "Red",
                        "resolution": 10.0,
                        "color": "R",
                        "wavelength": 664.6,
                        "scale": 1.0,
                    }
                ],
            }
        }
    )

    connector: str
    collection: str
    title: str
    modality_tag: str
    resolution: float | None
    nodata: float | None
    variables: int
    bands: list[CollectionBandView]


@router.get(
    "",
    summary="Collections that rasters come from, with their bands",
    response_model=list[CollectionView],
)
def list_collections(request: Request, access: SignedIn) -> Any:
    from triptych.formats.geotiff_pairs.collections import collections

    return [
        {
            "connector": each.connector,
            "collection": each.name,
            "title": each.title,
            "modality_tag": each.modality_tag,
            "resolution": each.resolution,
            "nodata": each.nodata,
            "variables": each.variables,
            "bands": [
                {
                    "name": band.name,
                    "description": band.description,
                    "resolution": band.resolution,
                    "color": band.color,
                    "wavelength": band.wavelength,
                    "scale": band.scale,
                }
                for band in each.bands
            ],
        }
        for each in collections(installation_of(request).settings.collections)
    ]
