"""The columns of the two lists in an evidence package, each with its definition."""

from __future__ import annotations

from dispatch.snapshot.records import Column, Kind

SITES, PHOTOS = "sites", "index"

SITE_COLUMNS = (
    Column("site", Kind.TEXT, "The number of the service request that opened the site."),
    Column("folder", Kind.TEXT, "Where its photos lie; empty: none, or the site is restricted."),
    Column("restricted", Kind.YES_NO, "About a person's health, home or safety: without place and photos."),
    Column("band", Kind.TEXT, "P1 life safety to P4 can wait, INFO question; not assessed on the spot."),
    Column("category", Kind.TEXT, "The category the city's table gives it."),
    Column("neighborhood", Kind.TEXT, "The area of the city's layer the place lies in."),
    Column("photos", Kind.WHOLE, "Photos that reports and surveys speak of; empty where restricted."),
    Column("storm_id", Kind.TEXT, "The activation's number in the city's console."),
    Column("first_entered_at", Kind.TIME, "Entry of its first report within the period."),
    Column("address", Kind.TEXT, "As reported."),
    Column("latitude", Kind.DEGREES, "WGS 84, as reported or placed by hand."),
    Column("longitude", Kind.DEGREES, "WGS 84, as reported or placed by hand."),
    Column("went", Kind.TEXT, "Who went, as emergency management said: of the newest hand-over."),
    Column("on_scene_at", Kind.TIME, "When they were there, where somebody said so."),
    Column("outcome", Kind.TEXT, "How it ended, as emergency management said."),
    Column("ended_at", Kind.TIME, "When that hand-over ended."),
    Column("state", Kind.TEXT, "new, triaged, waiting or closed."),
    Column("closed_reason", Kind.TEXT, "Why it was closed or waits."),
    Column("closed_at", Kind.TIME, "When the city or the server closed it."),
)

PHOTO_COLUMNS = (
    Column("site", Kind.TEXT, "See sites.csv; empty: a survey's row that belongs to no site."),
    Column("source", Kind.TEXT, "report: a resident or staff sent it to 311; survey: others took it."),
    Column("of", Kind.TEXT, "The report's number, or the survey's file and row."),
    Column("entered_at", Kind.TIME, "Entry of the report; empty for a survey's."),
    Column("had", Kind.YES_NO, "Whether the photo is in here."),
    Column("why_not", Kind.TEXT, "Why it could not be had."),
    Column("file", Kind.TEXT, "Where it lies."),
    Column("sha256", Kind.TEXT, "Of the bytes as they were had, unchanged."),
    Column("bytes", Kind.WHOLE, "How large it is."),
    Column("as_surveyed", Kind.YES_NO, "Whether it is the very file of the import; empty: nobody can say."),
    Column("taken_at", Kind.TEXT, "EXIF time, as the camera's clock had it; empty: the file says none."),
    Column("taken_latitude", Kind.DEGREES, "EXIF position, WGS 84; empty: the file says none."),
    Column("taken_longitude", Kind.DEGREES, "EXIF position, WGS 84; empty: the file says none."),
)
