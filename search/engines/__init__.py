"""Engines: `memory` (slow and obvious) and `whoosh` (on disk, fast). Import the one you mean."""
