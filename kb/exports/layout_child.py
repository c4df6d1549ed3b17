"""What runs in the child that fills an office's own layout: limits first, then the sandbox."""

import json
import pickle
import sys

from kb.children import limit
from kb.errors import UnreadableFile
from kb.exports.faces import face_set
from kb.exports.layout import fill_layout

MEMORY_LIMIT = 1024**3
FILLED, REFUSED = b"FILLED\n", b"REFUSED\n"


def main(cpu_seconds: str) -> None:
    """Reads (layout, document, faces) from the parent; answers FILLED and the file, or REFUSED and why as JSON."""
    limit(int(cpu_seconds), MEMORY_LIMIT)
    layout, document, faces = pickle.loads(sys.stdin.buffer.read())
    try:
        answer = FILLED + fill_layout(layout, document, face_set(faces))
    except UnreadableFile as error:
        answer = REFUSED + json.dumps([error.message, error.advice]).encode()
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
