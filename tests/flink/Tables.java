import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.table.catalog.exceptions.DatabaseNotExistException;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;

/** The tables of a session, each with a connector that the released jars have. */
final class Tables {
    private final TableEnvironment environment;
    private final Catalog catalog;
    private final String database;

    Tables(TableEnvironment environment) {
        this.environment = environment;
        catalog = environment.getCatalog(environment.getCurrentCatalog()).orElseThrow();
        database = environment.getCurrentDatabase();
    }

    /** Drops every table. */
    void clear() throws DatabaseNotExistException, TableNotExistException {
        for (String table : catalog.listTables(database)) {
            catalog.dropTable(new ObjectPath(database, table), false);
        }
    }

    /**
     * Makes a table, and gives it other options. Its columns stay as Flink read them; distribution and options, which
     * belong to the connector it was written for, go.
     *
     * @return its name
     */
    String create(String statement, Map<String, String> options)
            throws DatabaseNotExistException, TableNotExistException, CatalogException {
        Set<String> before = new HashSet<>(catalog.listTables(database));
        environment.executeSql(statement);
        List<String> made = catalog.listTables(database).stream()
                .filter(table -> !before.contains(table))
                .toList();
        if (made.size() != 1) {
            throw new IllegalArgumentException("not the table of a new name: " + statement);
        }
        ObjectPath table = new ObjectPath(database, made.get(0));
        CatalogTable connected = CatalogTable.newBuilder()
                .schema(catalog.getTable(table).getUnresolvedSchema())
                .options(options)
                .build();
        catalog.alterTable(table, connected, false);
        return made.get(0);
    }
}
