"""Which form of the tables this program reads and writes; by itself, for those who ask before SQLAlchemy."""

REVISION = "0020"
