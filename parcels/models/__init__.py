"""The tables of the sea register (register.md §7). Geometries are EPSG:4490, axis order longitude, latitude, in degrees.

Every point is a whole number of milliseconds of arc divided by 3,600,000; `rint(degrees * 3_600_000)` gives it back exactly.
Importing this module registers all tables on `data.store.metadata`.
"""

from parcels.models.layers import Layer, LayerVersion, Zone, ZonePart
from parcels.models.loads import LoadChunk, LoadFeature, LoadOverlap, LoadRun, SourceFile
from parcels.models.occupation import Occupation
from parcels.models.parcels import (
    BoundaryRecord,
    LegacyIdentifier,
    NumberSeries,
    Parcel,
    ParcelLineage,
    ParcelPlace,
    RealEstateUnit,
    UnitRecord,
)
from parcels.models.parties import Party, PartyIdentifier, PartyMember, PartyName
from parcels.models.places import Place, PlaceArea, PlaceAreaPart, PlaceCode
from parcels.models.projects import Park, Project, ProjectCode, ProjectParty, ProjectSite
from parcels.models.rights import (
    LayeringPaper,
    LayeringPaperWithdrawn,
    RightNote,
    RightParcel,
    RightParty,
    SeaClaim,
    SeaRight,
)

__all__ = [
    "BoundaryRecord",
    "Layer",
    "LayerVersion",
    "LayeringPaper",
    "LayeringPaperWithdrawn",
    "LegacyIdentifier",
    "LoadChunk",
    "LoadFeature",
    "LoadOverlap",
    "LoadRun",
    "NumberSeries",
    "Occupation",
    "Parcel",
    "ParcelLineage",
    "ParcelPlace",
    "Park",
    "Party",
    "PartyIdentifier",
    "PartyMember",
    "PartyName",
    "Place",
    "PlaceArea",
    "PlaceAreaPart",
    "PlaceCode",
    "Project",
    "ProjectCode",
    "ProjectParty",
    "ProjectSite",
    "RealEstateUnit",
    "RightNote",
    "RightParcel",
    "RightParty",
    "SeaClaim",
    "SeaRight",
    "SourceFile",
    "UnitRecord",
    "Zone",
    "ZonePart",
]
