"""SQL on SQLite, in two files: what can be rebuilt, and what cannot.

models, catalogue                    derived rows: dropped and rebuilt from the content folder
kept_tables, kept, operations_log    kept rows: changed by `migrations` only, backed up
restored_cases, known_rows           what was read of derived rows, kept in the process while it holds
faults                               what is wrong with either file, in words
"""
