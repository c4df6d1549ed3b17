"""Addresses of what a guest can open in the made-up library."""

PAGES = [
    "/",
    "/find",
    "/find?q=软弱涣散&level=town&kind=lesson",
    "/find?q=没有这样的词zzz",
    "/cases/000000-2020-01",
    "/cases/000000-2021-02",
    "/problems",
    "/problems/P1",
    "/problems/P1.1",
    "/problems/P5.1",
    "/mechanisms",
    "/mechanisms/pair-up",
    "/mechanisms/pair-up/checklist",
    "/template",
    "/describe",
    "/about",
    "/display",
    "/status",
    "/corrections",
    "/corrections/new/000000-2020-01",
]
