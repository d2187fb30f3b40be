"""What a certificate says, in its two languages. It is a document: its words do not follow the language of a page.

Its kinds, grades and labels are called as in the catalogue of the pages, so that the check says what the print says.
"""

from dataclasses import dataclass

from django.utils import timezone

ZH, EN = "zh", "en"
LANGUAGES = {ZH: "zh-Hans", EN: "en"}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip

TITLES = {
    ZH: {"completion": "结营证书", "excellence": "优秀学员证书"},
    EN: {"completion": "Certificate of Completion", "excellence": "Certificate of Excellence"},
}
GRADES = {ZH: {"excellent": "优秀", "pass": "合格"}, EN: {"excellent": "Excellent", "pass": "Pass"}}
BEFORE = {ZH: "兹证明", EN: "This is to certify that"}
AFTER = {
    ZH: {"completion": ("在{camp}中完成了项目",), "excellence": ("在{camp}中完成了项目",)},
    EN: {
        "completion": ("has completed the project stage of", "{camp} with the project"),
        "excellence": ("has completed with distinction the project stage of", "{camp} with the project"),
    },
}
PROJECT = {ZH: "《{title}》", EN: "{title}"}
CLOSING = {ZH: {"completion": "考核合格，特发此证。", "excellence": "表现优秀，特发此证。"}, EN: {}}
LABELS = {
    ZH: {
        "grade": "等级",
        "date": "签发日期",
        "by": "签发单位",
        "code": "证书编号",
        "check": "扫码验证",
    },
    EN: {
        "grade": "Grade",
        "date": "Issued on",
        "by": "Issued by",
        "code": "No.",
        "check": "Verify at",
    },
}


@dataclass(frozen=True)
class Words:
    """One certificate in one language. `after`: the lines after the name of the holder."""

    language: str
    title: str
    before: str
    after: tuple[str, ...]
    project: str
    closing: str
    grade: str
    date: str
    labels: dict


def words_of(certificate, language):
    day = timezone.localtime(certificate.issued_at, certificate.enrollment.camp.zone)
    camp = _set_off(certificate.camp_name, language)
    return Words(
        language=LANGUAGES[language],
        title=TITLES[language][certificate.kind],
        before=BEFORE[language],
        after=tuple(line.format(camp=camp) for line in AFTER[language][certificate.kind]),
        project=PROJECT[language].format(title=certificate.project_title),
        closing=CLOSING[language].get(certificate.kind, ""),
        grade=GRADES[language][certificate.grade],
        date=_day(day, language),
        labels=LABELS[language],
    )


def _set_off(name, language):
    """A name in a sentence: Chinese sets Latin letters and numbers off by a space."""
    if language == EN:
        return name
    return f"{' ' * name[:1].isascii()}{name}{' ' * name[-1:].isascii()}"


def _day(day, language):
    """Months by their names: a number could be read as a day."""
    if language == ZH:
        return f"{day.year} 年 {day.month} 月 {day.day} 日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def grouped(code):
    """A code in groups of four, as it is printed and typed."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
