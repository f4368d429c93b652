"""The files of a snapshot in the programs a county has: LibreOffice, GDAL's tools, poppler. Where one of them
is not installed its test says so and is left out; the files' own tests read them part by part everywhere."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree

from dispatch.formulas import harmless
from dispatch.reports.formats import FORMATS, write
from dispatch.reports.visible_text import visible
from tests.dispatch.snapshot.example_workbook import HOSTILE, snapshot

# No database gives us half a pair of UTF-16.
TEXTS = tuple(words for words in HOSTILE if not re.search("[\ud800-\udfff]", words))
SEVENTY_SIX = "44,34,76,1,,0,false,true,false,false,false,-1"  # commas, quotes, UTF-8, every sheet


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    write(snapshot(TEXTS), folder, FORMATS)
    return folder


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def run(*words: str) -> str:
    """What it says; a warning is a failure."""
    done = subprocess.run(words, check=True, capture_output=True, timeout=60)
    assert not done.stderr.strip(), done.stderr.decode()
    return done.stdout.decode()


def opened_by_libreoffice(path: Path, kind: str, out: Path) -> None:
    words = [program("soffice"), "--headless", f"-env:UserInstallation=file://{out}/profile"]
    subprocess.run(
        [*words, "--convert-to", kind, "--outdir", str(out), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )


def test_libreoffice_shows_every_text_of_the_workbook_as_it_is(files: Path, tmp_path: Path) -> None:
    opened_by_libreoffice(files / "snapshot.xlsx", f"csv:Text - txt - csv (StarCalc):{SEVENTY_SIX}", tmp_path)
    with (tmp_path / "snapshot-Sites.csv").open(encoding="utf-8", newline="") as file:
        _, names, *rows = csv.reader(file)
    shown = [row[names.index("address")] for row in rows]
    # It ends a line its own way.
    lines = [each.replace("\r\n", "\n") for each in shown]
    assert lines == [*(visible(words) for words in TEXTS), ""], "the last site is restricted"
    made = snapshot(TEXTS).sites
    at = made.position["latitude"]
    shown_at = [float(row[names.index("latitude")] or 0) for row in rows]
    assert shown_at == pytest.approx([row[at] or 0 for row in made.values])


@pytest.mark.parametrize("name", ["snapshot.xlsx", "sites.csv"])
def test_libreoffice_calculates_nothing(files: Path, tmp_path: Path, name: str) -> None:
    opened_by_libreoffice(files / name, "fods", tmp_path)
    tree = etree.parse(tmp_path / Path(name).with_suffix(".fods"))
    cells = tree.xpath("//*[local-name()='table-cell']")
    assert len(cells) > len(TEXTS)
    assert not tree.xpath("//@*[local-name()='formula']")
    # CSV files have no links either; LibreOffice makes some of what looks like an address in none.
    assert not tree.xpath("//*[local-name()='a']")


def test_gdal_reads_every_layer_of_the_geopackage_and_every_text(files: Path) -> None:
    listed = run(program("ogrinfo"), "-ro", "-so", str(files / "snapshot.gpkg"))
    for name in ("sites", "sites_without_place", "reports", "hand_overs", "left_out", "areas"):
        assert re.search(rf"^\d+: {name} \(", listed, re.MULTILINE), listed
    assert "WGS 84" in run(program("ogrinfo"), "-ro", "-so", str(files / "snapshot.gpkg"), "sites")
    features = []
    for name in ("sites", "sites_without_place"):
        words = ["-f", "GeoJSON", "/vsistdout/", str(files / "snapshot.gpkg"), name]
        features += json.loads(run(program("ogr2ogr"), *words))["features"]
    assert {each["properties"]["address"] for each in features} == {"", *map(visible, TEXTS)}
    placed = [each for each in features if each["geometry"]]
    assert placed
    for each in placed:
        place = each["properties"]["longitude"], each["properties"]["latitude"]
        assert tuple(each["geometry"]["coordinates"]) == pytest.approx(place)


def test_pdftotext_reads_the_first_page_and_every_definition(files: Path) -> None:
    words = run(program("pdftotext"), "-layout", str(files / "snapshot.pdf"), "-")
    first = words.split("\f")[0]
    assert "Irma: what was reported to the city" in first and "not assessed" in first
    made = snapshot(TEXTS)
    squeezed = re.sub(r"\s+", "", words)
    for number in (*made.now, *made.numbers):
        assert re.sub(r"\s+", "", number.says)[:40] in squeezed


def test_a_guard_stands_before_what_would_calculate_in_the_csv(files: Path) -> None:
    with (files / "sites.csv").open(encoding="utf-8-sig", newline="") as file:
        shown = [row["address"] for row in csv.DictReader(file)]
    assert shown == [*(harmless(words.replace("\x00", "")) for words in TEXTS), ""]
