"""The document, read back: its words, its language, its fonts, and the address in its QR code."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.utils.translation import gettext, override, pgettext
from pypdf import PdfReader

from camp.camps.models import Camp, Organization
from camp.enrollment.models import Enrollment
from camp.projects import certificate_pdf
from camp.projects.certificate_words import GRADES, LABELS, LANGUAGES, TITLES, grouped, words_of
from camp.projects.models import Certificate, Grade


def make(**fields):
    """A certificate that is in no database."""
    organization = Organization(slug="lab", name="开源实验室")
    camp = Camp(organization=organization, slug="winter", name="2024 冬季训练营", accent="#8a1c3b")
    names = {"holder_name": "欧阳晓明", "camp_name": camp.name, "organization_name": organization.name}
    defaults = {
        "kind": "excellence", "grade": "excellent", "code": "abcdefghjkmnpqrs", "project_title": "分页注意力算子",
        "issued_at": datetime(2025, 1, 19, 17, tzinfo=UTC),
    }  # fmt: skip
    return Certificate(enrollment=Enrollment(camp=camp), **names | defaults | fields)


def read(certificate, language):
    return PdfReader(BytesIO(certificate_pdf.render(certificate, language)))


def lines(reader):
    """What is written on the one page, without the spaces that letters are set apart by.

    pypdf reads a font with a CMap of its own byte by byte, so half of what it finds is zeros.
    """
    (page,) = reader.pages
    text = page.extract_text().replace("\0", "")
    return ["".join(line.split()) for line in text.splitlines() if line.strip()]


def test_chinese_document_says_all_of_it(settings):
    settings.SITE_URL = "https://camp.example.org"

    reader = read(make(), "zh")

    assert lines(reader) == [
        "开源实验室", "2024冬季训练营", "优秀学员证书", "兹证明", "欧阳晓明", "在2024冬季训练营中完成了项目",
        "《分页注意力算子》", "表现优秀，特发此证。", "等级", "优秀", "签发日期", "2025年1月20日", "签发单位",
        "开源实验室", "证书编号abcd-efgh-jkmn-pqrs", "扫码验证camp.example.org/verify/abcdefghjkmnpqrs",
    ]  # fmt: skip
    assert reader.trailer["/Root"]["/Lang"] == "zh-Hans"
    assert reader.metadata.title == "优秀学员证书 · 欧阳晓明"


def test_english_document_says_all_of_it(settings):
    settings.SITE_URL = "https://camp.example.org"
    names = {"holder_name": "Ada Byron", "camp_name": "Winter camp", "organization_name": "Open lab"}

    reader = read(make(kind="completion", grade="pass", project_title="Paged attention", **names), "en")

    assert lines(reader) == [
        "Openlab", "Wintercamp", "CertificateofCompletion", "Thisistocertifythat", "AdaByron",
        "hascompletedtheprojectstageof", "Wintercampwiththeproject", "Pagedattention", "Grade", "Pass", "Issuedon",
        "20January2025", "Issuedby", "Openlab", "No.abcd-efgh-jkmn-pqrs",
        "Verifyatcamp.example.org/verify/abcdefghjkmnpqrs",
    ]  # fmt: skip
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.metadata.title == "Certificate of Completion · Ada Byron"


def test_document_is_one_landscape_a4_page_with_its_fonts_inside():
    (page,) = read(make(), "zh").pages

    assert [round(float(side) / 72 * 25.4) for side in (page.mediabox.width, page.mediabox.height)] == [297, 210]
    fonts = [font.get_object()["/DescendantFonts"][0].get_object() for font in page["/Resources"]["/Font"].values()]
    assert sorted(font["/BaseFont"].rpartition("+")[2] for font in fonts) == [
        "NotoSansSC",
        "NotoSerifSC",
    ]
    assert all("/FontFile3" in font["/FontDescriptor"] for font in fonts)


def test_address_is_a_link_and_the_qr_code_holds_it(settings):
    settings.SITE_URL = "https://camp.example.org"
    certificate = make()

    (page,) = read(certificate, "zh").pages

    address = "https://camp.example.org/verify/abcdefghjkmnpqrs/"
    assert [note.get_object()["/A"]["/URI"] for note in page["/Annots"]] == [address]
    assert certificate_pdf.address_of(certificate) == address


def test_qr_code_is_drawn_module_by_module(settings, monkeypatch):
    drawn, certificate = [], make()
    monkeypatch.setattr(certificate_pdf.Sheet, "rect", lambda sheet, *place, **style: drawn.append(place))

    certificate_pdf.render(certificate, "en")

    matrix = certificate_pdf.qr_of(certificate_pdf.address_of(certificate)).matrix
    side = certificate_pdf.QR_SIZE / len(matrix)
    squares = [place for place in drawn if place[3] == pytest.approx(side + 0.01)]
    left, top = min(place[0] for place in squares), min(place[1] for place in squares)
    found = {
        (round((y - top) / side), round((x - left) / side) + n)
        for x, y, width, _height in squares
        for n in range(round(width / side))
    }
    assert found == {(r, c) for r, row in enumerate(matrix) for c, dark in enumerate(row) if dark}


@pytest.mark.parametrize("name", ["😀 Ada", "\U0002f9ff", "ᚠᚢᚦ", "‮Ada"])
def test_characters_that_no_font_has_are_replaced_without_a_warning(name, caplog):
    reader = read(make(holder_name=name), "zh")

    assert "□" in "".join(lines(reader))
    assert caplog.records == []


def test_long_names_stay_inside_the_page(settings):
    settings.SITE_URL = f"https://{'camp.' * 20}example.org"
    long = {"holder_name": "慕容" * 30, "project_title": "长" * 120, "camp_name": "营" * 120}

    sheet = certificate_pdf.Sheet(words_of(make(**long), "zh"), (0, 0, 0))
    sheet.write_line(100, "长" * 120, "serif", 18, (0, 0, 0))

    width = sheet.get_string_width("长" * 120)
    sheet.close_fonts()
    assert width <= certificate_pdf.RIGHT - certificate_pdf.LEFT
    assert len(read(make(**long), "zh").pages) == 1


def test_document_is_rendered_once_and_again_for_another_accent(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    certificate = make()

    first = certificate_pdf.stored_pdf(certificate, "en")
    again = certificate_pdf.stored_pdf(certificate, "en")
    certificate.enrollment.camp.accent = "#0b6e6e"
    other = certificate_pdf.stored_pdf(certificate, "en")

    assert first == again
    assert first != other
    assert len(list((tmp_path / "certificates").iterdir())) == 2


@pytest.mark.parametrize(("language", "day"), [("zh", "2025 年 1 月 20 日"), ("en", "20 January 2025")])
def test_date_is_that_of_the_camps_calendar(language, day):
    assert words_of(make(), language).date == day


def test_latin_letters_are_set_off_in_a_chinese_sentence():
    assert words_of(make(camp_name="Camp 2024"), "zh").after == ("在 Camp 2024 中完成了项目",)


def test_code_is_printed_in_groups_of_four():
    assert grouped("abcdefghjkmnpqrs") == "abcd-efgh-jkmn-pqrs"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_print_uses_the_words_of_the_check(language):
    labels = LABELS[language]
    with override(LANGUAGES[language]):
        shown = {kind.value: str(kind.label) for kind in Certificate.Kind}
        grades = {grade: str(Grade(grade).label) for grade in GRADES[language]}
        names = [gettext("Grade"), *(pgettext("certificate", name) for name in ("Issued on", "Issued by"))]

    assert {kind: title.lower() for kind, title in TITLES[language].items()} == shown
    assert {grade: word.lower() for grade, word in GRADES[language].items()} == grades
    assert [labels["grade"], labels["date"], labels["by"]] == names
