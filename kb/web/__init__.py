"""The pages: one blueprint per user task, named like its service and its template folder.

    home  find  cases  problems  mechanisms  template  about  display  status  health     one blueprint each
      └─────┴─────┴───────┴──────────┴──────────┴────────┴──────┘
                  reading                                            the library as one request sees it
    app  →  headers · failures · frame · wording · assets            what every page shares

Everything is rendered on the server and complete without JavaScript; nothing asks another host for anything.
"""

from kb.web.app import create_app

__all__ = ["create_app"]
