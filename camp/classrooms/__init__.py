"""The classroom of a course, and that of the camp itself: its meetings, and everything around them.

Rooms: access (who may enter, who runs it) · services (join, check in, correct, open) · codes (the check-in code) ·
slots (a meeting at a moment, for a page) · tabs, views, urls (the students' pages) · attendance, corrections, teaching
(the teachers') · qa, questions (questions and answers) · feeds, calendar (one's own calendar) · reminders (what falls
due by the clock) · series, planning (many meetings at once) · files, upload_handler (what may be uploaded) · admin*.
"""
