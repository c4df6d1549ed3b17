"""SQL on SQLite, in two files: what can be rebuilt, and what cannot.

models, catalogue                    derived rows: dropped and rebuilt from the content folder
kept_models, kept, operations_log    kept rows: changed by `migrations` only, backed up
faults                               what is wrong with either file, in words
"""
