"""SQL: `models` holds the tables, `catalogue` the derived rows on SQLite."""
