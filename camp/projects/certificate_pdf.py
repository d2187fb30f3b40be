"""The certificate as a PDF: A4, landscape, in Chinese or in English, with a QR code of the address that checks it.

The fonts come from the package pylopdf_fonts_zh_cn, so a machine with nothing but Python renders Chinese. To read one
takes two seconds, so what was rendered is stored, under a name that changes with everything that is drawn.
"""

import hashlib
from importlib.resources import files
from io import BytesIO

import segno
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from fpdf import FPDF

from camp.projects.certificate_words import grouped, words_of

LAYOUT = 2  # Count up when anything below changes: certificates stored before are drawn anew.
FONTS = {"sans": "NotoSansSC-Regular.otf", "serif": "NotoSerifSC-Regular.otf"}
WIDTH, HEIGHT, MARGIN = 297, 210, 12  # Millimetres, as every length here.
LEFT, RIGHT = 34, WIDTH - 34
INK, MUTED, HAIRLINE, PAPER = (29, 28, 26), (94, 90, 83), (214, 208, 198), (253, 252, 249)
MISSING = "□"  # Stands for a character that the font does not have.
QR_SIZE = 27


def stored_pdf(certificate, language):
    """The bytes of a certificate, from the storage where it was rendered before."""
    name = f"certificates/{_digest(certificate, language)}.pdf"
    if default_storage.exists(name):
        with default_storage.open(name, "rb") as stored:
            return stored.read()
    content = render(certificate, language)
    default_storage.save(name, ContentFile(content))
    return content


def _digest(certificate, language):
    """Names everything that is drawn: a new accent or address of the site makes a new file."""
    drawn = (LAYOUT, certificate.code, address_of(certificate), certificate.enrollment.camp.accent,
             *vars(words_of(certificate, language)).values(), certificate.holder_name,
             certificate.organization_name, certificate.camp_name)  # fmt: skip
    return hashlib.sha256(repr(drawn).encode()).hexdigest()


def address_of(certificate):
    """Where anybody checks it: what the QR code holds."""
    return f"{settings.SITE_URL}{certificate.get_absolute_url()}"


def render(certificate, language):
    words, accent = words_of(certificate, language), _rgb(certificate.enrollment.camp.accent)
    page = Sheet(words, accent)
    page.describe(certificate, words)
    page.frame()
    page.masthead(certificate.organization_name, certificate.camp_name)
    page.statement(certificate, words)
    page.foot(certificate, words)
    return page.finished()


def qr_of(address):
    """Medium error correction: it is read from paper, and from a photograph of it."""
    return segno.make(address, error="m", micro=False)


class Sheet(FPDF):
    """One page. Every text goes through `write_line`, which keeps it inside the page and to glyphs that there are."""

    def __init__(self, words, accent):
        super().__init__("landscape", "mm", "A4")
        self.accent = accent
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        for family, name in FONTS.items():
            self.add_font(family, fname=files("pylopdf_fonts_zh_cn") / name)
        self.add_page()

    def finished(self):
        """The bytes. The files of the fonts, of which fpdf2 reads on until the end, are closed."""
        target = BytesIO()
        self.output(target)
        self.close_fonts()
        return target.getvalue()

    def close_fonts(self):
        for font in self.fonts.values():
            font.ttfont.close()

    def describe(self, certificate, words):
        self.set_lang(words.language)
        self.set_title(f"{words.title} · {certificate.holder_name}")
        self.set_author(certificate.organization_name)
        self.set_subject(certificate.camp_name)
        self.set_creation_date(timezone.localtime(certificate.issued_at, certificate.enrollment.camp.zone))

    def frame(self):
        """Paper, a double rule in the camp's colour, and a mark in each corner."""
        self.set_fill_color(*PAPER)
        self.rect(0, 0, WIDTH, HEIGHT, style="F")
        self._rule(MARGIN, 0.9, self.accent)
        self._rule(MARGIN + 2.4, 0.25, self.accent)
        inset = MARGIN + 2.4
        for x in (inset, WIDTH - inset):
            for y in (inset, HEIGHT - inset):
                self._diamond(x, y, 2.6, PAPER)
                self._diamond(x, y, 1.5, self.accent)

    def _rule(self, inset, thickness, color):
        self.set_draw_color(*color)
        self.set_line_width(thickness)
        self.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)

    def _diamond(self, x, y, size, color):
        self.set_fill_color(*color)
        self.polygon([(x - size, y), (x, y - size), (x + size, y), (x, y + size)], style="F")

    def masthead(self, organization, camp):
        self.write_line(27, organization, "sans", 13, self.accent, spacing=1.2)
        self.write_line(36, camp, "sans", 10, MUTED, spacing=0.4)

    def statement(self, certificate, words):
        self.write_line(60, words.title, "serif", 34, INK, spacing=2 if words.language == "en" else 14)
        self._ornament(73)
        self.write_line(87, words.before, "serif", 13, MUTED)
        self.write_line(102, certificate.holder_name, "serif", 30, self.accent)
        self._line(112, 120, HAIRLINE, 0.3)
        y = 121
        for line in words.after:
            self.write_line(y, line, "serif", 13, INK)
            y += 8
        self.write_line(y + 3.5, words.project, "serif", 18, INK)
        self.write_line(y + 14.5, words.closing, "serif", 13, INK)

    def _ornament(self, y):
        middle = WIDTH / 2
        self._line(y, 62, self.accent, 0.3)
        self._diamond(middle, y, 3, PAPER)
        self._diamond(middle, y, 1.4, self.accent)

    def _line(self, y, length, color, thickness):
        self.set_draw_color(*color)
        self.set_line_width(thickness)
        self.line((WIDTH - length) / 2, y, (WIDTH + length) / 2, y)

    def foot(self, certificate, words):
        """Grade, date and issuer in columns; on the right the QR code with the address in words."""
        columns = ("grade", words.grade), ("date", words.date), ("by", certificate.organization_name)
        for (name, text), (x, width) in zip(columns, ((LEFT, 30), (LEFT + 38, 52), (LEFT + 98, 62)), strict=True):
            self.write_line(162, words.labels[name], "sans", 8.5, MUTED, x=x, width=width, align="L")
            self.write_line(169.5, text, "serif", 13, INK, x=x, width=width, align="L")
        self.write_line(
            181, f"{words.labels['code']} {grouped(certificate.code)}", "sans", 10, MUTED, x=LEFT, width=110, align="L"
        )
        self._code(certificate, words)

    def _code(self, certificate, words):
        address = address_of(certificate)
        x, y = RIGHT - QR_SIZE, 153
        self._qr(address, x, y)
        shown = address.partition("://")[2].removesuffix("/")
        self.write_line(
            187, f"{words.labels['check']} {shown}", "sans", 9.5, MUTED, x=LEFT, width=RIGHT - LEFT, align="R",
            link=address,
        )  # fmt: skip

    def _qr(self, address, x, y):
        """Squares for the dark modules. Nothing else stands within four of them, as scanners ask for."""
        matrix = qr_of(address).matrix
        side = QR_SIZE / len(matrix)
        self.set_fill_color(*INK)
        for row, modules in enumerate(matrix):
            for start, length in _runs(modules):
                self.rect(x + start * side, y + row * side, length * side, side + 0.01, style="F")

    def write_line(self, y, text, family, size, color, *, x=LEFT, width=RIGHT - LEFT, align="C", spacing=0.0, link=""):
        """One line with its middle at `y`, as small as it takes to fit between the margins."""
        self.set_font(family, size=size)
        self.set_char_spacing(spacing)
        text = self._drawable(text)
        while self.get_string_width(text) > width and self.font_size_pt > 5:
            self.set_font(family, size=self.font_size_pt - 0.5)
        self.set_text_color(*color)
        self.set_xy(x, y - 5)
        self.cell(width, 10, text, align=align, link=link)
        self.set_char_spacing(0)

    def _drawable(self, text):
        known = self.current_font.cmap
        return "".join(char if ord(char) in known else MISSING for char in text)


def _runs(modules):
    """(start, length) of the dark stretches in a row of a QR code: fewer squares, and no seams between them."""
    found, start = [], None
    for at, dark in enumerate([*modules, 0]):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            found.append((start, at - start))
            start = None
    return found


def _rgb(color):
    return tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))
