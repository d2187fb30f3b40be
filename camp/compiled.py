"""Statements whose SQL is made once and not again for each request: for the few on the hottest paths.

Django makes the SQL of a queryset anew each time, which costs several times what the database takes to answer (see
benchmarks/README.md). Here a function builds the queryset once, with `Given` where a value comes later:

    by_login = Compiled(lambda: Identity.objects.filter(login_key=Given(Identity.login_key)))
    by_login.all(login_key="octo")

What may be in it: anything whose SQL does not depend on the values. A value that is compared and may be None needs a
query of its own.
"""

from functools import cached_property

from django.db import connection
from django.db.models import Expression
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

    def prepared(self, values):
        return self.output_field.get_db_prep_value(values[self.name], connection)


def _execute(cursor, statement, values):
    sql, params = statement
    cursor.execute(sql, [param.prepared(values) if isinstance(param, Given) else param for param in params])
    return cursor


def _compiler_of(query):
    return query.get_compiler(connection=connection)


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
        return self._compiler.as_sql()

    @cached_property
    def _converters(self):
        return self._compiler.get_converters([expression for expression, _sql, _alias in self._compiler.select])

    @cached_property
    def _make(self):
        is_of_models = self._compiler.klass_info and not self._queryset._fields
        return _instances(self._compiler) if is_of_models else tuple

    def all(self, **values):
        with connection.cursor() as cursor:
            return self.answers(_execute(cursor, self.statement, values).fetchall())

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
        return _compiler_of(query).as_sql()

    @cached_property
    def _changed(self):
        return Compiled(lambda: self.build().model.objects.order_by())

    @cached_property
    def _returning(self):
        sql, params = self._statement
        _ = self._changed.statement
        columns = ", ".join(column for _expression, (column, _params), _alias in self._changed._compiler.select)
        return f"{sql} RETURNING {columns}", params

    def run(self, **values):
        """How many rows it changed."""
        with connection.cursor() as cursor:
            return _execute(cursor, self._statement, values).rowcount

    def first_changed(self, **values):
        """The first row that it changed, as it is now; None where there was none. It stays locked."""
        with connection.cursor() as cursor:
            rows = _execute(cursor, self._returning, values).fetchall()
        return self._changed.answers(rows[:1])[0] if rows else None


class CompiledInsert:
    """The insert of one instance of a model. No signal is sent, no `save` is called, no field fills itself in."""

    def __init__(self, model):
        self.model = model

    @cached_property
    def _fields(self):
        fields = self.model._meta.local_concrete_fields
        return [field for field in fields if not field.primary_key and not field.generated]

    @cached_property
    def _statement(self):
        given = self.model()
        given.__dict__ |= {field.attname: Given(getattr(self.model, field.name)) for field in self._fields}
        query = InsertQuery(self.model)
        query.insert_values(self._fields, [given])
        compiler = _compiler_of(query)
        compiler.returning_fields = [self.model._meta.pk]
        return compiler.as_sql()[0]

    def run(self, instance):
        """Insert it, and give it its key."""
        values = {field.name: getattr(instance, field.attname) for field in self._fields}
        with connection.cursor() as cursor:
            instance.pk = _execute(cursor, self._statement, values).fetchone()[0]
        instance._state.adding, instance._state.db = False, connection.alias
        return instance
