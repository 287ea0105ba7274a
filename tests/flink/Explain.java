import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** Lets Flink explain every case and script of a document, one line each: {@code java Explain CASES.json}. */
public final class Explain {
    private static final ThreadLocal<Session> SESSION = ThreadLocal.withInitial(Session::new);

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
        AtomicInteger failed = new AtomicInteger();
        Stream<String> lines = Stream.concat(
                cases.parallelStream().map(one -> report(one.name(), problem(one))),
                scripts.parallelStream().map(one -> report(one.name(), problem(one))));
        lines.parallel().forEachOrdered(line -> {
            System.out.println(line);
            failed.addAndGet(line.startsWith("ok ") ? 0 : 1);
        });
        int all = cases.size() + scripts.size();
        System.out.printf("%d passed, %d failed%n", all - failed.get(), failed.get());
        System.exit(failed.get() == 0 ? 0 : 1);
    }

    private static String report(String name, String problem) {
        return problem == null ? "ok " + name : "FAILED " + name + ": " + problem;
    }

    /** What is wrong with a case, or null. */
    private static String problem(Case one) {
        Session session = SESSION.get();
        try {
            session.open(one);
        } catch (Exception error) {
            return "its tables: " + reason(error);
        }
        return attempt(one.refusal(), () -> session.explain(one.statement()));
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
