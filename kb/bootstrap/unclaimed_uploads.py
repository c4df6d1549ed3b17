"""Uploaded files that nothing notes: left by a transaction that failed, a sheet not taken in, a file taken off a draft."""

import time
from contextlib import closing

from kb.bootstrap.desk import Desk
from kb.config import Settings
from kb.database.kept import NAME, revision_of
from kb.database.kept_tables import HEAD
from kb.database.noted_uploads import noted_uploads
from kb.errors import NotReady, why
from kb.repository.uploads import Forgotten

KEPT_DAYS = 30
"""How long a file stays that nothing notes: far longer than from its bytes to its note, a sheet to its sender's word, or a
backup takes, and long enough to put back a kept database that somebody moved."""


def forget_unclaimed(settings: Settings) -> Forgotten:
    """Removes them; nothing where the kept database is not there or is another revision's, for it may note them.

    Belongs after a backup, which has them still. Raises NotReady.
    """
    path = settings.data_folder / NAME
    if not path.exists() or revision_of(path) != HEAD:
        return Forgotten(0, 0)
    with closing(Desk(settings.data_folder)) as desk:
        with desk.session() as session:
            noted = noted_uploads(session)
        try:
            return desk.uploads.forget(noted, time.time() - KEPT_DAYS * 86_400)
        except OSError as error:
            words = f"没有人用的上传文件没有清去：{why(error)}。"
            raise NotReady(words, advice="备份不受影响；检查 uploads 文件夹的权限，下次备份时再清。") from error
