import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ResultKind;
import org.apache.flink.table.api.SqlParserEOFException;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.internal.TableEnvironmentInternal;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.client.cli.CliClient;
import org.apache.flink.table.client.cli.TerminalUtils;
import org.apache.flink.table.client.gateway.Executor;
import org.apache.flink.table.client.gateway.SqlExecutionException;
import org.apache.flink.table.client.gateway.StatementResult;
import org.apache.flink.table.operations.Operation;
import org.apache.flink.table.operations.StatementSetOperation;
import org.apache.flink.table.operations.command.SetOperation;
import org.apache.flink.table.operations.ddl.CreateTableOperation;
import org.apache.flink.util.CloseableIterator;

/**
 * Flink's own SQL client, which reads a script and takes it apart, in front of a session that plans what it is given
 * and runs nothing. (The gateway that the client has behind it otherwise is not among the released jars.)
 */
final class SqlClient implements Executor {
    private final TableEnvironmentInternal environment =
            (TableEnvironmentInternal) TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    private final List<String> statements = new ArrayList<>();
    private SqlExecutionException refusal;

    /** Runs a script like {@code sql-client.sh -f}. */
    static void run(String script) throws Exception {
        Path directory = Files.createTempDirectory("script");
        Path file = Files.writeString(directory.resolve("script.sql"), script);
        Path history = directory.resolve("history");
        SqlClient session = new SqlClient();
        try (CliClient client = new CliClient(
                () -> TerminalUtils.createDumbTerminal(new ByteArrayOutputStream()), session, history)) {
            client.executeInNonInteractiveMode(file.toUri());
        } finally {
            Files.deleteIfExists(history);
            Files.delete(file);
            Files.delete(directory);
        }
        // The client ends at a refusal, and only prints it.
        if (session.refusal != null) {
            throw session.refusal;
        }
        // It reads as from a terminal, where some characters are keys and vanish.
        if (!String.join("\n", session.statements).equals(script.strip())) {
            throw new IllegalArgumentException("the client reads another script: " + session.statements);
        }
    }

    @Override
    public StatementResult executeStatement(String statement) {
        try {
            List<Operation> operations = environment.getParser().parse(statement);
            if (operations.size() != 1) {
                throw new IllegalArgumentException("not one statement: " + statement);
            }
            plan(operations.get(0));
        } catch (Exception | AssertionError | StackOverflowError error) {
            // By this word the client knows that a statement goes on in the next line.
            if (String.valueOf(error.getMessage()).contains("Encountered \"<EOF>\"")) {
                throw new SqlExecutionException("incomplete", new SqlParserEOFException(error.getMessage()));
            }
            refusal = new SqlExecutionException("refused", error);
            throw refusal;
        }
        statements.add(statement);
        return new StatementResult(
                ResolvedSchema.of(), CloseableIterator.empty(), false, ResultKind.SUCCESS, null);
    }

    private void plan(Operation operation) {
        if (operation instanceof SetOperation set) {
            String key = set.getKey().orElseThrow();
            environment.getConfig().set(key, set.getValue().orElseThrow());
        } else if (operation instanceof CreateTableOperation create) {
            create(create);
        } else if (operation instanceof StatementSetOperation set) {
            environment.explainInternal(new ArrayList<>(set.getOperations()));
        } else {
            throw new IllegalArgumentException("not in a script: " + operation.asSummaryString());
        }
    }

    /** Makes a table with a connector that the released jars have; see {@link Session}. */
    private void create(CreateTableOperation create) {
        Map<String, String> options = create.getCatalogTable().getOptions();
        if (!create.isTemporary() || !"kafka".equals(options.get("connector"))) {
            throw new IllegalArgumentException("not a temporary table of Kafka: " + create.asSummaryString());
        }
        boolean read = options.containsKey("scan.startup.mode");
        CatalogTable connected = CatalogTable.newBuilder()
                .schema(create.getCatalogTable().getUnresolvedSchema())
                .options(Map.of("connector", read ? "datagen" : "blackhole"))
                .build();
        environment
                .getCatalogManager()
                .createTemporaryTable(connected, create.getTableIdentifier(), false);
    }

    @Override
    public void configureSession(String statement) {
        throw new UnsupportedOperationException(statement);
    }

    @Override
    public ReadableConfig getSessionConfig() {
        return environment.getConfig();
    }

    @Override
    public Map<String, String> getSessionConfigMap() {
        return new HashMap<>(environment.getConfig().getConfiguration().toMap());
    }

    @Override
    public List<String> completeStatement(String statement, int position) {
        return List.of();
    }

    @Override
    public String deployScript(String script, URI uri) {
        throw new UnsupportedOperationException("in application mode alone");
    }

    @Override
    public void close() {}
}
