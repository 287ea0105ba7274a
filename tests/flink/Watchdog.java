import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Ends the program, and says where it was, when one thing takes longer than anything should. */
final class Watchdog {
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "watchdog");
        thread.setDaemon(true);
        return thread;
    });

    /** How many frames of a stack are shown. */
    private static final int FRAMES = 60;

    private Watchdog() {}

    /** Does some work, unless it takes too long. */
    static <T> T within(Duration limit, String what, Supplier<T> work) {
        Thread worker = Thread.currentThread();
        ScheduledFuture<?> end = CLOCK.schedule(() -> end(limit, what, worker), limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return work.get();
        } finally {
            end.cancel(false);
        }
    }

    private static void end(Duration limit, String what, Thread worker) {
        System.out.flush();
        System.err.printf("error: `%s` did not end within %d s%n", what, limit.toSeconds());
        for (Map.Entry<Thread, StackTraceElement[]> one : Thread.getAllStackTraces().entrySet()) {
            Thread thread = one.getKey();
            // Flink names the threads of a job's tasks by their part of it, and there is but one.
            if (thread == worker || thread.getName().contains("(1/1)")) {
                System.err.printf("%.80s, %s%n", thread.getName(), thread.getState());
                StackTraceElement[] frames = one.getValue();
                for (int at = 0; at < Math.min(frames.length, FRAMES); at++) {
                    System.err.println("    at " + frames[at]);
                }
            }
        }
        // An orderly end would wait for Flink.
        Runtime.getRuntime().halt(1);
    }
}
