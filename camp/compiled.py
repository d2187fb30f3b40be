"""Statements whose SQL is made once and not again for each request: for the few on the hottest paths.

Django makes the SQL of a queryset anew each time, which costs several times what the database takes to answer (see
benchmarks/README.md). Here a function builds the queryset once, with `Given` where a value comes later:

    by_login = Compiled(lambda: Identity.objects.filter(login_key=Given(Identity.login_key)))
    by_login.all(login_key="octo")

What may be in it: anything whose SQL does not depend on the values. A value that is compared and may be None needs a
query of its own.

PostgreSQL keeps them prepared on each connection, so it need not read and plan them anew (`prepare_threshold` in the
settings lets it). They get their values as text: each takes the type of what stands beside it, whatever comes.
"""

import json
from functools import cached_property

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, JSONField
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery


class Given(Expression):
    """The place of a value that is given when the query runs, under the field's name or another.

    `attribute` is the model's, as in `Given(Identity.login_key)`: its field prepares the value for the database.
    """

    def __init__(self, attribute, name=None):
        super().__init__(output_field=attribute.field)
        self.name = name or attribute.field.name

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def prepared(self, values, db):
        return self.output_field.get_db_prep_value(values[self.name], db)

    @cached_property
    def _is_document(self):
        return isinstance(self.output_field, JSONField)

    def text(self, values, db):
        """The value as PostgreSQL reads it. Of all but documents the text says the same before it is prepared."""
        value = values[self.name]
        if self._is_document:
            document = self.prepared(values, db)
            return document and (document.dumps or json.dumps)(document.obj)
        return value if value is None else str(value)


class _PreparingCursor(psycopg.Cursor):
    """Django's own cursors merge the values into the statement, which cannot be prepared then."""

    def execute(self, query, params=None):
        return super().execute(query, params, prepare=True)


def _cursor(db):
    """A cursor with Django's errors around it. A log of statements is to show the values, so they are merged for it."""
    if db.vendor != "postgresql" or db.queries_logged:
        return db.cursor()
    db.close_if_health_check_failed()
    db.ensure_connection()
    return db._prepare_cursor(_PreparingCursor(db.connection))


class Statement:
    """SQL with the places of its values. What is the same at each run becomes a part of the SQL on PostgreSQL."""

    PLACE = "the place of a value"

    def __init__(self, sql, params):
        self.sql, self.params = sql, params

    @cached_property
    def _with_places(self):
        params = [self.PLACE if isinstance(param, Given) else param for param in self.params]
        composed = _database().ops.compose_sql(self.sql, params)
        return composed.replace("%", "%%").replace(f"'{self.PLACE}'", "%s")

    @cached_property
    def _given(self):
        return [param for param in self.params if isinstance(param, Given)]

    def run(self, values, take):
        """Run it and let `take` have the cursor."""
        db = _database()
        with _cursor(db) as cursor:
            if db.vendor == "postgresql":
                cursor.execute(self._with_places, [given.text(values, db) for given in self._given])
            else:
                is_given = [isinstance(param, Given) for param in self.params]
                pairs = zip(self.params, is_given, strict=True)
                cursor.execute(self.sql, [one.prepared(values, db) if given else one for one, given in pairs])
            return take(cursor)


def _database():
    """The connection of this thread, without the proxy that Django looks it up through at each word."""
    return connections[DEFAULT_DB_ALIAS]


def _rows(cursor):
    return cursor.fetchall()


def _number_of_rows(cursor):
    return cursor.rowcount


def _compiler_of(query):
    return query.get_compiler(using=DEFAULT_DB_ALIAS)


class Compiled:
    """A queryset of model instances, with `select_related`, `only` and annotations, or of `values_list` tuples."""

    def __init__(self, build):
        self.build = build

    @cached_property
    def _queryset(self):
        return self.build()

    @cached_property
    def _compiler(self):
        return _compiler_of(self._queryset.query)

    @cached_property
    def statement(self):
        return Statement(*self._compiler.as_sql())

    @cached_property
    def columns(self):
        _ = self.statement
        return [expression for expression, _sql, _alias in self._compiler.select]

    @cached_property
    def _converters(self):
        return self._compiler.get_converters(self.columns)

    @cached_property
    def _make(self):
        is_of_models = self._compiler.klass_info and not self._queryset._fields
        return _instances(self._compiler) if is_of_models else tuple

    def all(self, **values):
        return self.answers(self.statement.run(values, _rows))

    def first(self, **values):
        """The first row, None without one. The queryset says in which order, and that one is enough."""
        rows = self.all(**values)
        return rows[0] if rows else None

    def answers(self, rows):
        """What a queryset makes of the rows of the database."""
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        return [self._make(row) for row in rows]


def _instances(compiler):
    """The function that makes an instance of a row, as a queryset does."""
    info, select = compiler.klass_info, compiler.select
    own = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    names = [column[0].target.attname for column in select[own]]
    populators = get_related_populators(info, select, DEFAULT_DB_ALIAS)

    def make(row):
        instance = info["model"].from_db(DEFAULT_DB_ALIAS, names, row[own])
        for populator in populators:
            populator.populate(row, instance)
        for name, position in compiler.annotation_col_map.items():
            setattr(instance, name, row[position])
        return instance

    return make


class CompiledUpdate:
    """An update of a queryset; `changes` is what its `update` would take, as a dictionary."""

    total = "count(*)"

    def __init__(self, build, changes):
        self.build, self.changes = build, changes

    @cached_property
    def statement(self):
        query = self.build().query.chain(UpdateQuery)
        query.add_update_values(self.changes())
        return Statement(*_compiler_of(query).as_sql())

    @cached_property
    def _changed(self):
        return Compiled(lambda: self.build().model.objects.order_by())

    @cached_property
    def _returning(self):
        _ = self._changed.statement
        columns = ", ".join(column for _expression, (column, _params), _alias in self._changed._compiler.select)
        return Statement(f"{self.statement.sql} RETURNING {columns}", self.statement.params)

    @cached_property
    def telling(self):
        return Statement(f"{self.statement.sql} RETURNING 1", self.statement.params)

    def run(self, **values):
        """How many rows it changed."""
        return self.statement.run(values, _number_of_rows)

    def first_changed(self, **values):
        """The first row that it changed, as it is now; None where there was none. It stays locked."""
        rows = self._returning.run(values, _rows)
        return self._changed.answers(rows[:1])[0] if rows else None


class CompiledInsert:
    """The insert of one instance of a model. No signal is sent, no `save` is called, no field fills itself in."""

    total = "min(told)"

    def __init__(self, model):
        self.model = model

    @cached_property
    def _fields(self):
        fields = self.model._meta.local_concrete_fields
        return [field for field in fields if not field.primary_key and not field.generated]

    @cached_property
    def telling(self):
        given = self.model()
        given.__dict__ |= {field.attname: Given(getattr(self.model, field.name)) for field in self._fields}
        query = InsertQuery(self.model)
        query.insert_values(self._fields, [given])
        compiler = _compiler_of(query)
        compiler.returning_fields = [self.model._meta.pk]
        return Statement(*compiler.as_sql()[0])

    def values_of(self, instance):
        return {field.name: getattr(instance, field.attname) for field in self._fields}

    def run(self, **values):
        """The key of the new row."""
        return self.telling.run(values, _rows)[0][0]

    def insert(self, instance):
        """Insert it, and give it its key."""
        return stored(instance, self.run(**self.values_of(instance)))


def stored(instance, pk):
    """The instance as one that was inserted under this key."""
    instance.pk = pk
    instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS
    return instance


class Together:
    """Updates and inserts, and a query after them, as one statement where the database can do that (PostgreSQL).

    There, none sees what the others write. A query under a lock that one of them waits for must not be among them.
    """

    def __init__(self, *writes, then=None):
        self.writes, self.then = writes, then

    @cached_property
    def _statement(self):
        parts = [(f"step{n} (told)", write.telling) for n, write in enumerate(self.writes)]
        totals = [f"(SELECT {write.total} FROM step{n})" for n, write in enumerate(self.writes)]  # noqa: S608
        source = ""
        if self.then:
            columns = ", ".join(f"c{n}" for n in range(len(self.then.columns)))
            parts.append((f"rows ({columns})", self.then.statement))
            totals.append("found.*")
            source = " FROM (SELECT 1) AS one LEFT JOIN (SELECT true, rows.* FROM rows) AS found ON true"
        steps = ", ".join(f"{name} AS ({statement.sql})" for name, statement in parts)
        params = [param for _name, statement in parts for param in statement.params]
        return Statement(f"WITH {steps} SELECT {', '.join(totals)}{source}", params)  # noqa: S608

    def run(self, **values):
        """What each write tells, in a list, and the first row of the query or None."""
        if _database().vendor != "postgresql":
            return [write.run(**values) for write in self.writes], self.then and self.then.first(**values)
        row = self._statement.run(values, _rows)[0]
        told, found = list(row[: len(self.writes)]), row[len(self.writes) :]
        return told, self.then.answers([found[1:]])[0] if found and found[0] else None
