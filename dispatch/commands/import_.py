"""`import layer`: a file becomes a layer of the map, by the same way as from the screen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from dispatch import assembly
from dispatch import settings as seat_settings
from dispatch.clock import WallClock
from dispatch.commands.import_survey import survey
from dispatch.commands.store_address import StoreAddress, beside
from dispatch.geo.areas import meet
from dispatch.geo.imports.apart import look_at
from dispatch.geo.imports.fields import likely_name, likely_zone
from dispatch.geo.imports.kinds import CONTEXT, STYLES, ZONES, LayerKind
from dispatch.geo.imports.records import Look, Preview

# What a layer can be declared to be, by the names that the context table and the layer box have for it.
KINDS = {name: kind for kind, name in CONTEXT.items()} | {
    "fire_stations": LayerKind.FIRE_STATION,
    "other_agencies": LayerKind.OTHER_AGENCY,
    "plain": LayerKind.PLAIN,
}


@click.group(name="import")
def import_() -> None:
    """Bring files in."""


import_.add_command(survey)


@import_.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--store", "store_url", type=StoreAddress(), required=True, help="Created or migrated as needed."
)
@click.option("--data", type=click.Path(path_type=Path), help="The seat's folder; default: beside SQLite.")
@click.option("--city", help="Whose areas to compare with; default: as the seat is set.")
@click.option("--name", default="", help="What it is called on the map; default: as the file.")
@click.option("--as", "kind_name", type=click.Choice(sorted(KINDS)), default="plain", help="What it is.")
@click.option("--layer", default="", help="Which layer of a file that has several.")
@click.option("--name-field", help="The field with the names; default: a likely one.")
@click.option("--zone-field", help="The field with the zones; default: a likely one.")
@click.option("--lat", default="", help="Of a table: the column with the latitude.")
@click.option("--lng", default="", help="Of a table: the column with the longitude.")
@click.option("--color", type=click.Choice(STYLES), default=STYLES[0])
def layer(
    file: Path,
    store_url: str,
    data: Path | None,
    city: str | None,
    name: str,
    kind_name: str,
    layer: str,
    name_field: str | None,
    zone_field: str | None,
    lat: str,
    lng: str,
    color: str,
) -> None:
    """FILE (GeoJSON, KML, KMZ, zipped shapefile, GeoPackage, CSV) becomes a layer of the map."""
    if not file.is_file():
        raise click.UsageError(f"There is no file {file}.")
    folder = data or beside(store_url)
    settings = seat_settings.load(folder)
    parts = assembly.build(
        folder=folder,
        settings=replace(settings, city=city) if city else settings,
        clock=WallClock(),
        storm=None,
        store_url=store_url,
    )
    try:
        desk = parts.layer_desk
        preview = look_at(file, desk.folder, layer=layer, lat=lat, lng=lng)
        kind = KINDS[kind_name]
        look = Look(
            label=name.strip() or file.stem.replace("_", " "),
            kind=kind,
            name_field=_field(preview, "--name-field", name_field, likely_name(preview.samples)),
            zone_field=_zone_field(preview, kind, zone_field),
            style=color,
        )
        if not meet(preview.bounds, parts.jurisdiction.box):
            click.echo("Nothing of it lies in the city: is it the right file?", err=True)
        desk.import_layer(preview, look)
        click.echo(f"Imported as “{look.label}” ({kind_name}).", err=True)
    finally:
        parts.close()
    counts = preview.counts
    answer = {"read": counts.read, "taken": counts.taken, "refused": counts.read - counts.taken}
    click.echo(json.dumps(answer))


def _field(preview: Preview, option: str, wanted: str | None, likely: str) -> str:
    if preview.coordinates_asked:
        raise click.UsageError(
            f"Name the columns with the coordinates, --lat and --lng, out of: {_known(preview)}."
        )
    if wanted and wanted not in preview.samples:
        raise click.UsageError(f"{option}: the layer has no field {wanted}, but: {_known(preview)}.")
    return likely if wanted is None else wanted


def _zone_field(preview: Preview, kind: LayerKind, wanted: str | None) -> str:
    if kind not in ZONES:
        if wanted:
            raise click.UsageError("--zone-field goes only with a zone: say which with --as.")
        return ""
    found = _field(preview, "--zone-field", wanted, likely_zone(preview.samples))
    if not found and preview.counts.areas:
        raise click.UsageError(
            f"Name the field that holds the zone, --zone-field, out of: {_known(preview)}."
        )
    return found


def _known(preview: Preview) -> str:
    return ", ".join(preview.samples) or "none"
