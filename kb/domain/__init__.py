"""What the library is about, in plain Python: nothing here knows of files, SQL, pages or search.

template  ← kinds          slots (fields) as data, kinds of field as code
case · mechanism           the two records, built from a template
taxonomy · records         problem types, indicators, units; provenance records
check_case · figures       findings about one record, about its figures
evidence · completeness    what is computed, never typed in
workflow                   the stages a record passes through
"""
