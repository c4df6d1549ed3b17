"""Files people send in: Word, text, Markdown, pictures, zips of them, sheets. Read in a child process with limits.

FileReader (child_process)  starts, limits, kills
    └─ file_kinds           what a file is by its bytes, and the refusals by name
    └─ package              a zip that may be opened: sizes, names, no document types
    └─ word_document        blocks, asides and remarks of a .docx
    │    word_text, word_styles, word_numbering
    └─ pictures             made anew from their pixels
    └─ plain_document       .txt and .md
OfficeSheetReader (sheet_reader)  header row found, rows under their labels; .csv
    └─ workbook             the sheets of an .xlsx, formulas, merged and hidden cells
    │    sheet_values
many_files                  a folder or a zip of such files
"""

from kb.intake.child_process import FileReader
from kb.intake.many_files import files_of_folder, files_of_zip
from kb.intake.sheet_reader import OfficeSheetReader

__all__ = ["FileReader", "OfficeSheetReader", "files_of_folder", "files_of_zip"]
