"""The order of a board in one comparison: points descending, then the earliest, then the id."""

from django.db.models import BooleanField, F, Func, Value
from django.db.models.fields import BigIntegerField, DateTimeField, DecimalField


class After(Func):
    """Whether a row of standings comes after a key (points, reached_at, id), as one comparison of rows.

    Both databases walk the index of the board with it; three conditions joined by `or` would be filtered one by one.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self, key, *, including=False):
        points, reached_at, pk = key
        columns = [F("below_zero"), F("reached_at"), F("pk")]
        values = [
            Value(-points, output_field=DecimalField(max_digits=12, decimal_places=3)),
            Value(reached_at, output_field=DateTimeField()),
            Value(pk, output_field=BigIntegerField()),
        ]
        super().__init__(*columns, *values)
        self.sign = ">=" if including else ">"

    def as_sql(self, compiler, connection, **context):
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        columns, values = (", ".join(sql for sql, _params in half) for half in (parts[:3], parts[3:]))
        params = [param for _sql, params in parts for param in params]
        return f"({columns}) {self.sign} ({values})", params
