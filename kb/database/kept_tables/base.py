"""What all kept tables stand on."""

from sqlalchemy.orm import DeclarativeBase

HEAD = "0011"
"""The newest revision in kb/database/migrations/versions."""


class Kept(DeclarativeBase):
    """Base of all tables that cannot be rebuilt."""
