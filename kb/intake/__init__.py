"""Files editors send in: Word, text, Markdown, pictures, and zips of them. Read in a child process with limits.

FileReader (child_process)  starts, limits, kills
    └─ file_kinds           what a file is by its bytes, and the refusals by name
    └─ package              a zip that may be opened: sizes, names, no document types
    └─ word_document        blocks, asides and remarks of a .docx
    │    word_text, word_styles, word_numbering
    └─ pictures             made anew from their pixels
    └─ plain_document       .txt and .md
many_files                  a folder or a zip of such files
"""

from kb.intake.child_process import FileReader
from kb.intake.many_files import files_of_folder, files_of_zip

__all__ = ["FileReader", "files_of_folder", "files_of_zip"]
