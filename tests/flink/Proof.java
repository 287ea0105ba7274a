import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/** Runs the jobs of a document in streaming mode: {@code java Proof JOBS.json FAILURES.json}. */
public final class Proof {
    /** The longest job takes a tenth of it on two slow cores. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final StreamTableEnvironment environment;

    private Proof() {
        StreamExecutionEnvironment streams = StreamExecutionEnvironment.getExecutionEnvironment();
        // One task after another keeps the rows in their order.
        streams.setParallelism(1);
        streams.getConfig().enableObjectReuse();
        environment = StreamTableEnvironment.create(streams);
        // What every deployed statement is given as a property.
        environment.getConfig().setLocalTimeZone(ZoneId.of("UTC"));
    }

    public static void main(String[] arguments) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        List<Job> jobs = Job.jobs(mapper.readTree(Path.of(arguments[0]).toFile()));
        ArrayNode failures = mapper.createArrayNode();
        // One after another: then a log shows where it is, and the planner has its memory to itself.
        jobs.stream().map(Proof::report).flatMap(List::stream).forEach(failure -> failures.addObject()
                .put("rows", failure.rows())
                .put("reason", failure.reason()));
        Files.writeString(Path.of(arguments[1]), failures.toString());
        System.exit(0);
    }

    private static List<Failure> report(Job job) {
        System.out.printf("running %s: %d statements%n", job.name(), job.writes().size());
        long begun = System.nanoTime();
        List<Failure> failures = Watchdog.within(LIMIT, job.name(), () -> failures(job, job.writes()));
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                "ran %s: %d failed, %.1f s%n", job.name(), failures.size(), seconds);
        return failures;
    }

    private record Failure(String rows, String reason) {}

    /** Runs the statements together; where that fails, the halves of them, down to the ones that fail by themselves. */
    private static List<Failure> failures(Job job, List<Job.Write> writes) {
        try {
            new Proof().run(job.source(), writes);
            return List.of();
        } catch (Exception | AssertionError | StackOverflowError error) {
            if (writes.size() == 1) {
                return List.of(new Failure(writes.get(0).rows(), reason(error)));
            }
        }
        int half = writes.size() / 2;
        List<Failure> failures = new ArrayList<>(failures(job, writes.subList(0, half)));
        failures.addAll(failures(job, writes.subList(half, writes.size())));
        return failures;
    }

    private void run(Job.Source source, List<Job.Write> writes) throws Exception {
        Tables tables = new Tables(environment);
        String files = tables.create(
                source.create(),
                Map.of(
                        "connector", "filesystem",
                        "path", source.rows(),
                        "format", "json",
                        "json.timestamp-format.standard", "ISO-8601"));
        // A barrier: into this source, unlike Kafka's, Flink would push parts of conditions, and lose rows.
        environment.createTemporaryView(
                quoted(source.table()), environment.toDataStream(environment.from(quoted(files))));
        StatementSet set = environment.createStatementSet();
        for (Job.Write write : writes) {
            tables.create(
                    write.create(),
                    Map.of(
                            "connector", "collect",
                            "path", write.rows(),
                            "outcomes", Boolean.toString(write.outcomes())));
            set.addInsertSql(write.insert());
        }
        set.execute().await();
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** What led to an error, from the root up. */
    private static String reason(Throwable error) {
        List<String> reasons = new ArrayList<>();
        for (Throwable one = error; one != null; one = one.getCause()) {
            reasons.add(0, String.valueOf(one).lines().limit(3).collect(Collectors.joining(" | ")));
        }
        return reasons.stream().limit(3).collect(Collectors.joining(" < "));
    }
}
