"""What the vendor's Python driver finds at an emulator: `check.py URL`."""

import sys

import confluent_sql
from confluent_sql.exceptions import OperationalError, StatementNotFoundError
from confluent_sql.execution_mode import ExecutionMode

STATEMENT = "INSERT INTO `sink` (`id`) SELECT `id` FROM `source`"


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"error: {what}: {found!r}, not {wanted!r}")
    print(f"ok: {what}")


def is_missing(connection, name):
    try:
        connection.get_statement(name)
    except StatementNotFoundError:
        return True
    return False


def fails(connection, sql):
    try:
        connection.dry_run_statement(sql, mode=ExecutionMode.STREAMING_QUERY)
    except OperationalError:
        return True
    return False


def run_insert(connection, name):
    cursor = connection.streaming_cursor()
    cursor.execute(STATEMENT, statement_name=name, statement_labels=["ours"], timeout=30)
    return cursor.statement


def check(connection):
    table = "CREATE TABLE `sink` (`id` STRING)"
    done = connection.execute_streaming_ddl(table, timeout=30)
    expect("a table is made", done.is_failed, False)

    dry = connection.dry_run_statement(STATEMENT, mode=ExecutionMode.STREAMING_QUERY)
    expect("a dry run is not kept", dry.statement_id, "")
    expect("a dry run fails", fails(connection, STATEMENT.replace("sink", "nobody")), True)

    for number in range(12):
        run_insert(connection, f"insert-{number:02}")
    labelled = connection.list_statements(label="ours", page_size=5)
    names = sorted(statement.name for statement in labelled)
    expect("all pages of a label", names, [f"insert-{number:02}" for number in range(12)])
    found = connection.list_statements(name_contains="insert-07")
    expect("a search for a name", [statement.name for statement in found], ["insert-07"])

    running = connection.get_statement("insert-00")
    expect("a statement runs", running.phase.value, "RUNNING")
    stopped = connection.stop_statement(running, timeout=30)
    expect("it stops", stopped.phase.value, "STOPPED")
    again = connection.stop_statement("insert-00", timeout=30)
    expect("it stops again", again.phase.value, "STOPPED")

    connection.delete_statement("insert-00")
    connection.delete_statement("nobody")
    for _ in range(100):
        if is_missing(connection, "insert-00"):
            break
    expect("a deleted statement is gone", is_missing(connection, "insert-00"), True)

    with connection.closing_cursor() as cursor:
        cursor.execute("SHOW TABLES", timeout=30)
        expect("the tables", sorted(cursor.fetchall()), [("sink",), ("source",)])


def main(url):
    connection = confluent_sql.connect(
        endpoint=url,
        flink_api_key="key",
        flink_api_secret="secret",
        organization_id="00000000-0000-0000-0000-000000000000",
        environment_id="env-emulator",
        compute_pool_id="lfcp-emulator",
        database="emulator",
    )
    try:
        check(connection)
    finally:
        connection.close()


main(*sys.argv[1:])
