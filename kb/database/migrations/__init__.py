"""How the kept database came to its present shape, one revision a file, oldest first; run by `kb.database.kept`."""
