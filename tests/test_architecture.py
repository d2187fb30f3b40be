"""The line of apps and the project's bans, read from the source. Wrong samples prove that each ban bites."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINE = ("accounts", "camps", "notices", "enrollment", "stages", "classrooms", "rankings", "projects")
BELOW = ("compiled", "environment")  # What else of camp an app may import; the rest stands above the line.
MODEL_SIGNALS = {"pre_init", "post_init", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"}
BANS_IN_TEMPLATES = {
    "|safe": re.compile(r"\|\s*safe(seq)?\b|\{%-?\s*autoescape\s+off"),
    "inline style": re.compile(r"<style\b|<[^>{]*\sstyle\s*=", re.IGNORECASE),
    "inline script": re.compile(
        r"<script\b(?![^>]*\ssrc\s*=)(?![^>]*\stype\s*=\s*[\"']application/json)", re.IGNORECASE
    ),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=|href\s*=\s*[\"']\s*javascript:", re.IGNORECASE),
}


def sources(root):
    return [path for path in sorted(root.glob("camp/**/*.py")) if "migrations" not in path.parts]


def templates(root):
    return sorted(path for folder in ("templates", "camp") for path in root.glob(f"{folder}/**/*.html"))


INCLUDE = re.compile(r"\{%\s*include\s+[\"']([^\"']+)[\"']([^%]*)%\}")
TOKEN_PASSED = "csrf_token=csrf_token"


def includes(text):
    """(name of the included template, whether the page's token comes along) of each include."""
    for name, words in INCLUDE.findall(text):
        yield name, "only" not in words.split() or TOKEN_PASSED in words


def name_of(path):
    """How a template is called by those who include it."""
    return path.as_posix().rpartition("/templates/")[2]


def forms_without_token(root):
    """Includes with `only` that cut a form, however deep it stands, off from the page's token."""
    texts = {path: path.read_text(encoding="utf-8") for path in templates(root)}
    needing = {name_of(path) for path, text in texts.items() if re.search(r"\{%\s*csrf_token\s*%\}", text)}
    inner = {name_of(path): {name for name, passed in includes(text) if passed} for path, text in texts.items()}
    while more := {name for name, used in inner.items() if used & needing} - needing:
        needing |= more
    return [
        f"{path.relative_to(root)} includes {name} without the token"
        for path, text in texts.items()
        for name, passed in includes(text)
        if not passed and name in needing
    ]


def app_of(path, root):
    name = path.relative_to(root / "camp").parts[0]
    return name if name in LINE else None


def imported(node, package):
    """The absolute names that an import statement binds; `package` resolves the relative ones."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = package[: len(package) - node.level + 1] if node.level else []
    module = ".".join([*base, node.module] if node.module else base)
    return [f"{module}.{alias.name}" for alias in node.names]


def imports(path, root):
    package = list(path.relative_to(root).parent.parts)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return [(node.lineno, name) for node in nodes for name in imported(node, package)]


def points_right(app, name):
    """Whether an app may not know this name: it is further right on the line, or above it."""
    package, _, rest = name.partition(".")
    allowed = ("", *BELOW, *LINE[: LINE.index(app) + 1])
    return package == "camp" and rest.partition(".")[0] not in allowed


def imports_to_the_right(root):
    return [
        f"{path.relative_to(root)}:{line} imports {name}"
        for path in sources(root)
        if (app := app_of(path, root))
        for line, name in imports(path, root)
        if points_right(app, name)
    ]


def inline_imports(root):
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    found = set()
    for path in sources(root):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, functions):
                inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
                found.update(f"{path.relative_to(root)}:{node.lineno} imports inside a function" for node in inner)
    return sorted(found)


def words(tree):
    """Every name that code uses or imports, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.alias):
            yield node.lineno, node.name.rpartition(".")[2]


def banned_words(root, banned):
    return sorted(
        {
            f"{path.relative_to(root)}:{line} uses {word}"
            for path in sources(root)
            for line, word in words(ast.parse(path.read_text(encoding="utf-8")))
            if word in banned
        }
    )


def banned_in_templates(root):
    found = []
    for path in templates(root):
        text = path.read_text(encoding="utf-8")
        for name, pattern in BANS_IN_TEMPLATES.items():
            found += [
                f"{path.relative_to(root)}:{text.count(chr(10), 0, match.start()) + 1} has {name}"
                for match in pattern.finditer(text)
            ]
    return found


# The project keeps them.


def test_sources_and_templates_are_found():
    assert ROOT / "camp" / "accounts" / "models.py" in sources(ROOT)
    assert templates(ROOT) != []


def test_imports_point_left():
    assert imports_to_the_right(ROOT) == []


def test_imports_stand_at_the_top():
    assert inline_imports(ROOT) == []


def test_model_signals_carry_no_logic():
    assert banned_words(ROOT, MODEL_SIGNALS) == []


def test_nothing_is_marked_safe():
    assert banned_words(ROOT, {"mark_safe", "SafeString", "SafeText"}) == []


def test_templates_have_no_inline_code_and_no_safe_filter():
    assert banned_in_templates(ROOT) == []


def test_forms_in_included_templates_have_the_token():
    assert forms_without_token(ROOT) == []


# They catch what they are for.


@pytest.fixture
def sample(tmp_path):
    """Writes a file of a small wrong project."""

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("from camp.stages.models import Stage", "camp.stages.models.Stage"),
        ("from camp import stages", "camp.stages"),
        ("import camp.rankings.services", "camp.rankings.services"),
        ("from ..stages import services", "camp.stages.services"),
        ("from camp.campfile import load", "camp.campfile.load"),
        ("from camp.views import home", "camp.views.home"),
        ("from camp import urls", "camp.urls"),
        ("from camp.management.commands import demo", "camp.management.commands.demo"),
    ],
)
def test_an_import_to_the_right_or_from_above_is_caught(sample, statement, name):
    root = sample("camp/enrollment/services.py", f'"""Words."""\n{statement}\n')

    assert imports_to_the_right(root) == [f"camp/enrollment/services.py:2 imports {name}"]


@pytest.mark.parametrize(
    "statement",
    [
        "from camp.accounts.models import User",
        "from camp.enrollment import queries",
        "from . import queries",
        "from camp import environment",
        "from stages import models",
    ],
)
def test_an_import_to_the_left_is_allowed(sample, statement):
    assert imports_to_the_right(sample("camp/enrollment/services.py", statement)) == []


def test_what_is_above_the_line_may_import_all(sample):
    assert imports_to_the_right(sample("camp/views.py", "from camp.rankings import queries")) == []


def test_an_import_inside_a_function_is_caught(sample):
    root = sample("camp/stages/rules.py", "class A:\n    def points(self):\n        import math\n        return math\n")

    assert inline_imports(root) == ["camp/stages/rules.py:3 imports inside a function"]


@pytest.mark.parametrize(
    "text",
    [
        "from django.db.models.signals import post_save",
        "signals.post_save.connect(f)",
        "@receiver(post_save)\ndef f(): 0",
    ],
)
def test_a_model_signal_is_caught(sample, text):
    assert banned_words(sample("camp/stages/receivers.py", text), MODEL_SIGNALS) == [
        "camp/stages/receivers.py:1 uses post_save"
    ]


def test_mark_safe_is_caught(sample):
    root = sample("camp/camps/html.py", "from django.utils import safestring\nsafestring.mark_safe('<b>')\n")

    assert banned_words(root, {"mark_safe"}) == ["camp/camps/html.py:2 uses mark_safe"]


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ("{{ text|safe }}", "|safe"),
        ("{{ text | safe }}", "|safe"),
        ("{% autoescape off %}", "|safe"),
        ("<style>p { color: red }</style>", "inline style"),
        ('<p class="a"\n   style="color: red">', "inline style"),
        ("<script>alert(1)</script>", "inline script"),
        ('<button onclick="go()">', "event handler"),
        ('<a href="javascript:go()">', "event handler"),
    ],
)
def test_inline_code_in_a_template_is_caught(sample, html, name):
    assert [found.partition(" has ")[2] for found in banned_in_templates(sample("templates/a.html", html))] == [name]


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="stylesheet" href="{% static "css/base.css" %}">',
        '<script src="{% static "js/camp.js" %}" defer></script>',
        '<script id="points" type="application/json">[1]</script>',
        "{{ points|safe_points }} on = off",
        '<meta name="htmx-config" content=\'{"includeIndicatorStyles":false}\'>',
    ],
)
def test_a_clean_template_is_allowed(sample, html):
    assert banned_in_templates(sample("templates/a.html", html)) == []


FORM = '<form method="post">{% csrf_token %}</form>'
CUT_OFF = '{% include "a/_form.html" with form=form only %}'


def test_a_form_cut_off_from_the_token_is_caught(sample):
    sample("templates/a/_form.html", FORM)

    root = sample("templates/a/page.html", CUT_OFF)

    assert forms_without_token(root) == ["templates/a/page.html includes a/_form.html without the token"]


def test_a_form_cut_off_from_the_token_further_up_is_caught(sample):
    sample("templates/a/_form.html", FORM)
    sample("templates/a/_middle.html", '{% include "a/_form.html" with csrf_token=csrf_token only %}')
    sample("camp/a/templates/a/_outer.html", "{% include 'a/_middle.html' %}")

    root = sample("templates/a/page.html", '{% include "a/_outer.html" only %}')

    assert forms_without_token(root) == ["templates/a/page.html includes a/_outer.html without the token"]


@pytest.mark.parametrize(
    "include",
    ['{% include "a/_form.html" %}', '{% include "a/_form.html" with form=form csrf_token=csrf_token only %}',
     '{% include "a/_plain.html" only %}'],
)  # fmt: skip
def test_a_form_with_the_token_is_allowed(sample, include):
    sample("templates/a/_form.html", FORM)
    sample("templates/a/_plain.html", "<p>{{ text }}</p>")

    assert forms_without_token(sample("templates/a/page.html", include)) == []
