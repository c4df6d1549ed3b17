"""Files that prove adoptions, in the kept database; their bytes are in the uploads folder."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kb.database.kept_tables import AdoptionProofRow, AdoptionRow
from kb.services.prove_adoption import ProofFile


class SqlProofs:
    """Proofs on a session of the caller, who commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, proof: ProofFile) -> ProofFile:
        values = proof._asdict()
        del values["number"]
        row = AdoptionProofRow(**values)
        self._session.add(row)
        self._session.flush()
        return proof._replace(number=row.number)

    def of(self, adoption: int) -> Sequence[ProofFile]:
        query = select(AdoptionProofRow).where(AdoptionProofRow.adoption == adoption)
        rows = self._session.scalars(query.order_by(AdoptionProofRow.number))
        return [ProofFile(**{name: getattr(row, name) for name in ProofFile._fields}) for row in rows]

    def space_of(self, unit: str, *, but: str = "") -> int:
        query = select(AdoptionProofRow.sha256, AdoptionProofRow.size).distinct()
        query = query.join(AdoptionRow, AdoptionRow.number == AdoptionProofRow.adoption)
        files = query.where(AdoptionRow.unit == unit, AdoptionProofRow.sha256 != but).subquery()
        return self._session.scalar(select(func.coalesce(func.sum(files.c.size), 0))) or 0

    def remove(self, number: int, at: str) -> None:
        change = update(AdoptionProofRow).where(AdoptionProofRow.number == number).values(removed_at=at)
        self._session.execute(change.execution_options(synchronize_session=False))
