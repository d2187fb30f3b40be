from django.db import models

from camp.accounts.folding import fold


class FoldedField(models.CharField):
    """The folded key of another field, kept in step at every save, for a unique constraint that refuses look-alikes."""

    def __init__(self, *args, source, **kwargs):
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)
        self.source = source

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs | {"source": self.source}

    def pre_save(self, model_instance, add):
        value = fold(getattr(model_instance, self.source) or "")
        setattr(model_instance, self.attname, value)
        return value
