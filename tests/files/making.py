"""Files to try, made here: PDF with text, Word with tables, bombs."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx
import pypdf


def pdf(pages: Sequence[str]) -> bytes:
    """A PDF that says one line on each page, written by hand: what reads it is not what wrote it."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for line in pages:
        drawn = b"BT /F1 12 Tf 20 100 Td (%s) Tj ET" % line.encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(page + b" /Contents %d 0 R >>" % len(objects))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    whole, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(whole)
    whole += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    whole += b"".join(b"%010d 00000 n \n" % place for place in places)
    whole += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(whole)


def blank_pdf(count: int, password: str = "") -> bytes:
    """Pages without text; closed with a password where there is one."""
    writer, made = pypdf.PdfWriter(), io.BytesIO()
    for _ in range(count):
        writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    writer.write(made)
    return made.getvalue()


def word(*, pages: Sequence[str] = ("First",), table: Sequence[Sequence[str]] = ()) -> bytes:
    """A Word file: a paragraph on each page, then a table."""
    document, made = docx.Document(), io.BytesIO()
    document.add_heading("A heading", 1)
    for number, text in enumerate(pages):
        if number:
            document.add_page_break()
        document.add_paragraph(text)
    if table:
        shown = document.add_table(len(table), len(table[0]))
        for row, texts in enumerate(table):
            for column, text in enumerate(texts):
                shown.cell(row, column).text = text
    document.save(made)
    return made.getvalue()


def changed(archive: bytes, members: Mapping[str, bytes]) -> bytes:
    """A zip file with other contents in some of its members."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in {*source.namelist(), *members}:
            target.writestr(name, members[name] if name in members else source.read(name))
    return made.getvalue()
