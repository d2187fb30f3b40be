"""Querysets whose SQL is made once and not again for each request: for the few queries on the hottest paths.

Django makes the SQL of a queryset anew each time, which costs several times what the database takes to answer (see
benchmarks/README.md). Here a function builds the queryset once, with `Given` where a value comes later:

    by_login = Compiled(lambda: Identity.objects.filter(login_key=Given(Identity.login_key)))
    by_login.all(login_key="octo")

What may be in it: anything whose SQL does not depend on the values. A value that may be None needs a query of its own.
"""

from functools import cached_property

from django.db import connection
from django.db.models import Expression
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery


class Given(Expression):
    """The place of a value that is given when the query runs, under the field's name or another.

    `attribute` is the model's, as in `Given(Identity.login_key)`: its field prepares the value for the database.
    """

    def __init__(self, attribute, name=None):
        super().__init__(output_field=attribute.field)
        self.name = name or attribute.field.name

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def prepared(self, values):
        return self.output_field.get_db_prep_value(values[self.name], connection)


class _Statement:
    """SQL and where each of its parameters comes from."""

    def __init__(self, query):
        self.compiler = query.get_compiler(connection=connection)
        self.sql, self.params = self.compiler.as_sql()

    def execute(self, cursor, values):
        params = [param.prepared(values) if isinstance(param, Given) else param for param in self.params]
        cursor.execute(self.sql, params)
        return cursor


class Compiled:
    """A queryset of model instances, with `select_related`, `only` and annotations, or of `values_list` tuples."""

    def __init__(self, build):
        self.build = build

    @cached_property
    def _statement(self):
        return _Statement(self._queryset.query)

    @cached_property
    def _queryset(self):
        return self.build()

    @cached_property
    def _converters(self):
        compiler = self._statement.compiler
        return compiler.get_converters([expression for expression, _sql, _alias in compiler.select])

    @cached_property
    def _make(self):
        compiler = self._statement.compiler
        return _instances(compiler) if compiler.klass_info and not self._queryset._fields else tuple

    def all(self, **values):
        with connection.cursor() as cursor:
            rows = self._statement.execute(cursor, values).fetchall()
        if self._converters:
            rows = self._statement.compiler.apply_converters(rows, self._converters)
        return [self._make(row) for row in rows]

    def first(self, **values):
        """The first row, None without one. The queryset says in which order, and that one is enough."""
        rows = self.all(**values)
        return rows[0] if rows else None


def _instances(compiler):
    """The function that makes an instance of a row, as a queryset does."""
    info, select = compiler.klass_info, compiler.select
    own = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    names = [column[0].target.attname for column in select[own]]
    populators = get_related_populators(info, select, connection.alias)

    def make(row):
        instance = info["model"].from_db(connection.alias, names, row[own])
        for populator in populators:
            populator.populate(row, instance)
        for name, position in compiler.annotation_col_map.items():
            setattr(instance, name, row[position])
        return instance

    return make


class CompiledUpdate:
    """An update of a queryset; `changes` is what its `update` would take, as a dictionary."""

    def __init__(self, build, changes):
        self.build, self.changes = build, changes

    @cached_property
    def _statement(self):
        query = self.build().query.chain(UpdateQuery)
        query.add_update_values(self.changes())
        return _Statement(query)

    def run(self, **values):
        """How many rows it changed."""
        with connection.cursor() as cursor:
            return self._statement.execute(cursor, values).rowcount
