"""The content folder on disk.

decode → yaml_text → record_file      bytes, text, plain values with lines (and back)
reference_files                       taxonomy, records, templates, lexicon
content_folder                        the folder itself; `memory` is its twin for tests
"""
