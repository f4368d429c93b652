"""Where each layer of the map lies under `resources/geo`. A file that is not there is a layer not loaded."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class GeoFolder:
    """`city` is the folder of the jurisdiction; what is not confirmed lies apart in `unverified`."""

    root: Path
    city: str

    @property
    def states(self) -> Path:
        return self.root / "region" / "states.geojson"

    @property
    def counties(self) -> Path:
        return self.root / "region" / "counties.geojson"

    @property
    def coarse_land(self) -> Path:
        return self.root / "region" / "land_gshhg.geojson"

    @property
    def storm_tracks(self) -> Path:
        return self.root / "storms" / "tracks.geojson"

    @property
    def land(self) -> Path:
        return self._here("land")

    @property
    def municipalities(self) -> Path:
        return self._here("municipalities")

    @property
    def streets(self) -> Path:
        return self._here("streets")

    @property
    def hospitals(self) -> Path:
        return self._here("hospitals")

    @property
    def shelters(self) -> Path:
        return self._here("shelters")

    @property
    def evacuation_zones(self) -> Path:
        return self._here("evacuation_zones")

    @property
    def surge_zones(self) -> Path:
        """Storm surge planning zones; none is bundled."""
        return self._here("surge_zones")

    @property
    def neighborhoods(self) -> Path:
        return self._here("unverified", "neighborhoods")

    @property
    def outside_neighborhoods(self) -> Path:
        """The city's land in none of them."""
        return self._here("unverified", "outside_neighborhoods")

    @property
    def neighborhoods_elsewhere(self) -> tuple[Path, ...]:
        """Of other cities that exercises play in: lines to stand on, no more."""
        return tuple(
            p for p in sorted(self.root.glob("*/neighborhoods.geojson")) if p.parent.name != self.city
        )

    @property
    def state_shelters(self) -> Path:
        return self._here("unverified", "state_shelters")

    @property
    def schools(self) -> Path:
        return self._here("unverified", "schools")

    @property
    def stations(self) -> Path:
        """Fire and police stations; none is bundled."""
        return self._here("stations")

    @property
    def care_homes(self) -> Path:
        return self._here("care_homes")

    @property
    def flood_zones(self) -> Path:
        return self._here("flood_zones")

    @property
    def weather_zones(self) -> tuple[Path, ...]:
        """Zones that NWS names its alerts' areas by; a city may add its own."""
        return (self.root / "region" / "nws_zones.geojson", self._here("nws_zones"))

    @property
    def base_map(self) -> tuple[Path, ...]:
        """What the tiles of the base map are drawn from."""
        return (
            self.states,
            self.counties,
            self.coarse_land,
            self.land,
            self.municipalities,
            self.streets,
            self.neighborhoods,
            *self.neighborhoods_elsewhere,
        )

    def fingerprint(self) -> str:
        """Changes when any file of the base map does."""
        found = 0
        for path in self.base_map:
            content = path.read_bytes() if path.exists() else b""
            found = zlib.crc32(content, zlib.crc32(f"{path.name} {len(content)} ".encode(), found))
        return f"{found:08x}"

    def _here(self, *names: str) -> Path:
        return self.root.joinpath(self.city, *names).with_suffix(".geojson")
