import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.table.catalog.exceptions.DatabaseNotExistException;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;

/** A streaming session of Flink that holds the tables of one case at a time. */
final class Session {
    private final TableEnvironment environment =
            TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    private final Catalog catalog =
            environment.getCatalog(environment.getCurrentCatalog()).orElseThrow();
    private final String database = environment.getCurrentDatabase();

    Session() {
        // What every deployed statement is given as a property.
        environment.getConfig().setLocalTimeZone(ZoneId.of("UTC"));
    }

    /** Makes the tables of a case in place of those of the one before. */
    void open(Case next) throws DatabaseNotExistException, TableNotExistException {
        for (String table : catalog.listTables(database)) {
            catalog.dropTable(new ObjectPath(database, table), false);
        }
        next.sources().forEach(environment::executeSql);
        List<String> sources = catalog.listTables(database);
        next.sinks().forEach(environment::executeSql);
        for (String table : catalog.listTables(database)) {
            connect(new ObjectPath(database, table), sources.contains(table) ? "datagen" : "blackhole");
        }
    }

    /** Plans a statement, down to the code of the operators that would run it. */
    void explain(String statement) {
        environment.explainSql(statement);
    }

    /**
     * Gives a table a connector that the released jars have. Its columns stay as Flink read them; distribution
     * and options, which belong to the connector it was written for, go.
     */
    private void connect(ObjectPath table, String connector) throws TableNotExistException, CatalogException {
        CatalogTable connected = CatalogTable.newBuilder()
                .schema(catalog.getTable(table).getUnresolvedSchema())
                .options(Map.of("connector", connector))
                .build();
        catalog.alterTable(table, connected, false);
    }
}
