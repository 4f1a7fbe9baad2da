"""An operation of migrations that makes many tables together.

Django draws the models of the whole house anew for each single operation: a minute, for the tables that every
installation begins with. What they are like is said by the usual operations; the tables are made when all is said.
"""

from django.db.migrations.operations.base import Operation


class TablesAtOnce(Operation):
    """Holds operations that only make models of one app, and complete models made here: none touches an older table."""

    reversible = False

    def __init__(self, operations):
        self.operations = operations

    def deconstruct(self):
        return self.__class__.__qualname__, [self.operations], {}

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # drawn again when it is asked for, once
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for label, name in to_state.models:
            if label == app_label and (label, name) not in from_state.models:
                model = to_state.apps.get_model(label, name)
                if self.allow_migrate_model(schema_editor.connection.alias, model):
                    schema_editor.create_model(model)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        raise NotImplementedError("The first tables are not taken away: make a new database.")

    def describe(self):
        return "Make the first tables"
