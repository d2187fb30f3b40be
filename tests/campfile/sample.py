"""A small camp file that uses every kind of part, and ways to change it."""

SMALL = '''\
[organization]
slug = "Harbour"
name = "Harbour Lab"
summary = "Ships and compilers."
description = """
Line one of the Markdown.

# not a comment = here
[camp]
"""
projects = [
    { name = "Anchor", url = "https://example.org/anchor" },
    { name = "Buoy", field = "Signals", url = "https://example.org/buoy" },
]

[camp]
slug = "summer"
name = "Summer camp"
time_zone = "Asia/Shanghai"
accent = "#0b6e6e"
registration_opens_at = 2024-06-20 10:00:00
registration_closes_at = 2024-08-04 23:59:59
starts_at = 2024-07-06 00:00:00
ends_at = 2024-09-29 23:59:59
capacity = 3
group_link = "https://example.org/groups/summer"

[[links]]
title = "Discussions"
url = "https://example.org/discussions"

[[links]]
title = "Guide"
url = "https://example.org/guide"

[[faq]]
question = "Is it free?"
answer = "Yes."

[[faq]]
question = "Is it online?"
answer = "Yes, all of it."

[[questions]]
key = "languages"
label = "Which languages do you know?"
kind = "choices"
options = ["C++", "Rust"]

[[questions]]
key = "motivation"
label = "Why do you want to join?"
kind = "long_text"
is_required = true

[[stages]]
key = "foundation"
name = "Foundation"
kind = "foundation"
opens_at = 2024-07-20 00:00:00
closes_at = 2024-08-04 23:59:59

[[stages]]
key = "professional"
name = "Professional"
kind = "professional"
opens_at = 2024-08-05 00:00:00
closes_at = 2024-08-17 20:00:00
group_link = "https://example.org/groups/professional"

[[stages.entry]]
label = "C++ or Rust"
needed = 1
requirements = [
    { kind = "points", course = 1 },
    { kind = "points", course = 2, points = 60 },
    { kind = "item", item = "Report accepted", course = 3 },
]

[[stages.entry]]
label = "Seen in class"
needed = 1
requirements = [{ kind = "attendance", meetings = 2 }]

[[courses]]
number = 1
stage = "foundation"
name = "C++"
upload_id = 9001
max_points = 30
exercises = { pattern = "exercise{:02}", from = 0, to = 29 }

[[courses]]
number = 2
stage = "foundation"
name = "Rust"
upload_id = 9002
max_points = 94.5
exercises = ["intro1", "intro2", "quiz"]

[[courses]]
number = 3
stage = "professional"
name = "Hardware"

[[meetings]]
key = "opening"
kind = "ceremony"
title = "Opening"
starts_at = 2024-07-20 20:00:00
ends_at = 2024-07-20 21:30:00

[[meetings]]
key = "cxx-1"
kind = "lesson"
title = "C++, first lesson"
course = 1
speaker = "Ada Invented"
starts_at = 2024-07-22 14:00:00
ends_at = 2024-07-22 15:00:00

[[announcements]]
title = "Welcome"
published_at = 2024-07-06 10:00:00
body = "Hello."

[[announcements]]
title = "Lessons begin"
stage = "foundation"
published_at = 2024-07-20T10:00:00+02:00
'''

# SMALL has no project stage; this is one for it, with a stage of its kind.
PROJECTS = '''
[[stages]]
key = "project"
name = "Project"
kind = "project"
opens_at = 2024-08-17 20:00:00
closes_at = 2024-09-29 20:00:00

[[stages.entry]]
label = "Homework"
requirements = [{ kind = "item", item = "Homework accepted" }]

[project_stage]
stage = "project"
topics_published_at = 2024-08-10 10:00:00
teams_lock_at = 2024-08-20 23:59:59
team_size_limit = 4
hand_in_closes_at = 2024-09-26 23:59:59

[[project_stage.criteria]]
key = "correctness"
name = "Correctness"
description = "Tests that show it."
weight = 3
max_points = 10

[[project_stage.criteria]]
key = "report"
name = "Report"

[[project_stage.rounds]]
number = 1
opens_at = 2024-08-17 21:00:00
closes_at = 2024-08-20 23:59:59
mentors_close_at = 2024-08-22 23:59:59

[[project_stage.rounds]]
number = 2
method = "assignment"
opens_at = 2024-08-23 10:00:00
closes_at = 2024-08-24 10:00:00
mentors_close_at = 2024-08-24 10:00:00

[[project_stage.projects]]
number = 1
title = "Faster winches"
summary = "Pull the anchor in less time."
support_project = "Anchor"
difficulty = "advanced"
skills = ["C++", "CUDA"]
seats = 3
least_teams = 1
team_size_min = 2
team_size_max = 4
status = "open"
description = """
Line one.

- a list
"""
deliverables = "A pull request."

[[project_stage.projects]]
number = 2
title = "Lamps"
summary = "Blink in time."
'''


def edited(old, new, *, text=SMALL, count=1):
    """The text with the first `old` replaced. The place must be there."""
    assert old in text, old
    return text.replace(old, new, count)


def line_of(fragment, *, text=SMALL):
    """The line on which a fragment begins."""
    assert fragment in text, fragment
    return text.count("\n", 0, text.index(fragment)) + 1


def without(first, last, *, text=SMALL):
    """The text without what stands from `first` up to `last`."""
    start = text.index(first)
    end = text.index(last, start)
    return text[:start] + text[end:]
