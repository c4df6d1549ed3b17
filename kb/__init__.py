"""The 党建创新案例库: party-building cases, the mechanisms they form, and the way to find and carry them over.

    cli        web                 what a person touches
       \\       /
       bootstrap                   the only place that picks concrete parts
    repository · database · rendering      Markdown files, SQL rows, HTML
       services                    one module per user task
       domain                      cases, mechanisms, problem types, rules: plain Python

Beside it stands `search`, a library of text, fields and facets that knows nothing of cases.
"""

__version__ = "0.1.0"
