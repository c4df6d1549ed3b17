"""导入: a document's text into the fields of a template, each with how sure we are; what has no field goes to the tray.

Document ─┬─ tables    header of column labels → rows; label beside answer → fields
          ├─ labels    “单位：…” before the first heading, the names a label goes by
          ├─ headings  一、 and styles → sections, by the template's own words or by what such headings say
          ├─ values    texts → the plain value a kind of field has in a case file
          └─ sections  paragraphs → Markdown
"""

from kb.services.import_document.fill import fill_fields
from kb.services.import_document.filled import Confidence, DocumentReader, Filled, Recognised

__all__ = ["Confidence", "DocumentReader", "Filled", "Recognised", "fill_fields"]
