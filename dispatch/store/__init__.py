"""What is kept: SQLAlchemy Core on SQLite or PostgreSQL; every write is one transaction."""
