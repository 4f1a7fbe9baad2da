"""Tables to which the database itself only ever adds: triggers on PostgreSQL and on SQLite, from one list.

They are installed after every migrate, because an AlterField on SQLite rebuilds the table and silently drops
them; a system check watches that they stand. On PostgreSQL the service's own role has only SELECT and INSERT
here when migrations run as another role. SQLite is tamper-evident, not tamper-proof.
"""

from django.conf import settings
from django.core import checks
from django.db import connections

# Of the floors above by their names alone.
TABLES = (
    "core_entry",
    "core_accessrecord",
    "core_settingchange",
    "referrals_aimassessment",
    "referrals_brookfinding",
    "referrals_casenote",
    "referrals_categorydecision",
    "referrals_consentanswer",
    "referrals_decisionat18",
    "referrals_decisionrecord",
    "referrals_earlyhelpassessment",
    "referrals_disclosure",
    "referrals_notecorrection",
    "referrals_notetelling",
    "referrals_significantevent",
    "referrals_eventcorrection",
    "referrals_papertelling",
    "referrals_pastaddress",
    "referrals_pastschool",
    "referrals_familyassessment",
    "referrals_historicalconcern",
    "referrals_historicalinvolvement",
    "referrals_joinedrow",
    "referrals_pathwaytext",
    "referrals_planlinereview",
    "referrals_planreview",
    "referrals_refusalstep",
    "referrals_submittedwork",
    "referrals_thresholddecision",
    "referrals_whatfollows",
    "panels_mapsnapshot",
    "panels_itemamendment",
)
WHY = "This table is append-only: a correction is a new row."

POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION core_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{WHY}'; END $$
"""


def _statements(vendor, table):
    if vendor == "postgresql":
        yield f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"
        yield (
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION core_append_only()"
        )
    else:
        for act in ("update", "delete"):
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {table}_append_only_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
            )


def install(connection):
    """Put the triggers on every table of the list that exists."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
        for table in present.intersection(TABLES):
            for statement in _statements(connection.vendor, table):
                cursor.execute(statement)


def remove(connection):
    """Take the triggers away. Only the test runner does, to empty its own database between tests."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in present.intersection(TABLES):
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
            else:
                for act in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only_{act}")


def missing(connection):
    """The tables of the list that stand without their triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgrelid::regclass::text FROM pg_trigger "
                "WHERE tgname LIKE '%_append_only' AND tgenabled IN ('O', 'A')"
            )
            guarded = {name for (name,) in cursor.fetchall()}
        else:
            cursor.execute(
                "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_append_only_%' "
                "GROUP BY tbl_name HAVING COUNT(*) = 2"
            )
            guarded = {name for (name,) in cursor.fetchall()}
    present = set(connection.introspection.table_names())
    return sorted(present.intersection(TABLES) - guarded)


def limit_service_role(connection):
    """On PostgreSQL, where migrations run as another role: give the service's role what it needs and no more."""
    role = settings.APP_ROLE
    if connection.vendor != "postgresql" or not settings.MIGRATING or not role:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == role:
            return
        quoted = connection.ops.quote_name(role)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        for table in TABLES:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {quoted}")


def after_migrate(using, **kwargs):
    """Receiver of post_migrate."""
    install(connections[using])
    limit_service_role(connections[using])


@checks.register(checks.Tags.database)
def triggers_stand(databases=None, **kwargs):
    """System check (with --database): every append-only table has its triggers. Migrating puts them there: it is not
    refused because a table that stood before became one."""
    if settings.MIGRATING:
        return []
    return [
        checks.Error(
            f"{table} lost the triggers that make it append-only.",
            hint="Run `HSB_MIGRATING=1 manage.py migrate`.",
            id="hsb.E001",
        )
        for alias in databases or ()
        for table in missing(connections[alias])
    ]
