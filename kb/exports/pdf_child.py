"""What runs in the child that makes a PDF: limits first, then a page of HTML from standard input, nothing from elsewhere."""

import sys

from kb.children import limit

MEMORY_LIMIT = 2 * 1024**3
"""Bytes of address space of the child: a compilation of a hundred cases takes a third of it."""
READY, NO_PANGO = b"PDF\n", b"PANGO\n"


def main(cpu_seconds: str) -> None:
    """Answers READY and the PDF, or NO_PANGO where the machine has no text layout."""
    limit(int(cpu_seconds), MEMORY_LIMIT)
    page = sys.stdin.buffer.read().decode()
    try:
        import weasyprint  # noqa: F401  # loads Pango
    except OSError:
        answer = NO_PANGO
    else:
        answer = READY + write_pdf(page)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def write_pdf(page: str) -> bytes:
    """The PDF of a page whose pictures stand in it."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    class Nothing(URLFetcher):  # type: ignore[misc]
        """Gives what stands in the address itself, and asks nobody for anything else."""

        def fetch(self, url: str, headers: object = None) -> object:
            if not url.startswith("data:"):
                raise ValueError("nothing outside the page is fetched")
            return super().fetch(url, headers)

    found = HTML(string=page, url_fetcher=Nothing(allowed_protocols=("data",), allow_redirects=False)).write_pdf()
    assert isinstance(found, bytes)
    return found
