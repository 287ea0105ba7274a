import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Lets Flink explain every case of a document, one line each: {@code java Explain CASES.json}. */
public final class Explain {
    private static final ThreadLocal<Session> SESSION = ThreadLocal.withInitial(Session::new);

    private Explain() {}

    public static void main(String[] arguments) throws Exception {
        List<Case> cases = Case.read(Path.of(arguments[0]));
        // Without a statement that Flink has to refuse, the proof could not fail.
        if (cases.stream().noneMatch(one -> one.refusal() != null)) {
            throw new IllegalArgumentException("no case of `" + arguments[0] + "` has a `refusal`");
        }
        AtomicInteger failed = new AtomicInteger();
        cases.parallelStream().map(Explain::report).forEachOrdered(line -> {
            System.out.println(line);
            failed.addAndGet(line.startsWith("ok ") ? 0 : 1);
        });
        System.out.printf("%d passed, %d failed%n", cases.size() - failed.get(), failed.get());
        System.exit(failed.get() == 0 ? 0 : 1);
    }

    private static String report(Case one) {
        String problem = problem(one);
        return problem == null ? "ok " + one.name() : "FAILED " + one.name() + ": " + problem;
    }

    /** What is wrong with a case, or null. */
    private static String problem(Case one) {
        Session session = SESSION.get();
        try {
            session.open(one);
        } catch (Exception error) {
            return "its tables: " + reason(error);
        }
        String refusal = one.refusal();
        try {
            session.explain(one.statement());
        } catch (Exception | AssertionError | StackOverflowError error) {
            String reason = reason(error);
            return refusal != null && reason.contains(refusal) ? null : reason;
        }
        return refusal == null ? null : "Flink plans what it should refuse with `" + refusal + "`";
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
