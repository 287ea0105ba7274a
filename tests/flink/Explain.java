import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** Lets Flink explain every case and script of a document, one line each: {@code java Explain CASES.json}. */
public final class Explain {
    /** One takes a second at most. */
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final Session SESSION = new Session();

    private Explain() {}

    public static void main(String[] arguments) throws Exception {
        JsonNode document = new ObjectMapper().readTree(Path.of(arguments[0]).toFile());
        List<Case> cases = Case.cases(document);
        List<Script> scripts = Case.scripts(document);
        // Without something that Flink has to refuse, the proof could not fail.
        if (cases.stream().allMatch(one -> one.refusal() == null)
                || scripts.stream().allMatch(one -> one.refusal() == null)) {
            throw new IllegalArgumentException("nothing in `" + arguments[0] + "` has a `refusal`");
        }
        // One after another: then a log shows where it is, and the planner has its memory to itself.
        Stream<Boolean> explained = Stream.concat(
                cases.stream().map(one -> report(one.name(), () -> problem(one))),
                scripts.stream().map(one -> report(one.name(), () -> problem(one))));
        long failed = explained.filter(passed -> !passed).count();
        System.out.printf("%d passed, %d failed%n", cases.size() + scripts.size() - failed, failed);
        System.exit(failed == 0 ? 0 : 1);
    }

    /** Prints what comes of one; whether it passes. */
    private static boolean report(String name, Supplier<String> attempt) {
        String problem = Watchdog.within(LIMIT, name, attempt);
        System.out.println(problem == null ? "ok " + name : "FAILED " + name + ": " + problem);
        return problem == null;
    }

    /** What is wrong with a case, or null. */
    private static String problem(Case one) {
        try {
            SESSION.open(one);
        } catch (Exception error) {
            return "its tables: " + reason(error);
        }
        return attempt(one.refusal(), () -> SESSION.explain(one.statement()));
    }

    /** What is wrong with a script, or null. */
    private static String problem(Script one) {
        return attempt(one.refusal(), () -> SqlClient.run(one.text()));
    }

    /** What is wrong with what Flink does, or null: it must succeed, or be refused with these words. */
    private static String attempt(String refusal, Attempt attempt) {
        try {
            attempt.run();
        } catch (Exception | AssertionError | StackOverflowError error) {
            String reason = reason(error);
            return refusal != null && reason.contains(refusal) ? null : reason;
        }
        return refusal == null ? null : "Flink takes what it should refuse with `" + refusal + "`";
    }

    private interface Attempt {
        void run() throws Exception;
    }

    /** The first lines of what is at the root of an error. */
    private static String reason(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? root.toString() : root.getMessage();
        return message.lines().limit(3).collect(Collectors.joining(" | "));
    }
}
