"""Which uploaded files the kept database notes anywhere."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.database.kept_tables import AdoptionProofRow, AttachmentRow, BatchRow


def noted_uploads(session: Session) -> frozenset[str]:
    """SHA-256 of the files of drafts, of adoptions, those taken away too, and of batches.

    A sheet that waits for its sender's word is noted in an address alone, which is good for a day.
    """
    found = set(session.scalars(select(AttachmentRow.sha256).union(select(AdoptionProofRow.sha256))))
    for files in session.scalars(select(BatchRow.files)):
        found.update(file["sha256"] for file in json.loads(files))
    return frozenset(found)
