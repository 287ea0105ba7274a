import java.time.ZoneId;
import java.util.Map;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.catalog.exceptions.DatabaseNotExistException;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;

/** A streaming session of Flink that holds the tables of one case at a time. */
final class Session {
    private final TableEnvironment environment =
            TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    private final Tables tables = new Tables(environment);

    Session() {
        // What every deployed statement is given as a property.
        environment.getConfig().setLocalTimeZone(ZoneId.of("UTC"));
    }

    /** Makes the tables of a case in place of those of the one before. */
    void open(Case next) throws DatabaseNotExistException, TableNotExistException {
        tables.clear();
        for (String source : next.sources()) {
            tables.create(source, Map.of("connector", "datagen"));
        }
        for (String sink : next.sinks()) {
            tables.create(sink, Map.of("connector", "blackhole"));
        }
    }

    /** Plans a statement, down to the code of the operators that would run it. */
    void explain(String statement) {
        environment.explainSql(statement);
    }
}
