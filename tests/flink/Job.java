import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * Statements to run over the rows of one source.
 *
 * @param name what the report calls it
 * @param source the table that they read
 * @param writes the statements, each with its table
 */
record Job(String name, Source source, List<Write> writes) {

    /**
     * A table that is read.
     *
     * @param table its name
     * @param create CREATE TABLE of its columns, under any other name
     * @param rows a file with one JSON object a line
     */
    record Source(String table, String create, String rows) {}

    /**
     * A statement that writes one table.
     *
     * @param create CREATE TABLE of the table
     * @param insert the INSERT, just as it is submitted
     * @param rows the file to collect its rows in
     * @param outcomes whether the rows are outcomes of conditions
     */
    record Write(String create, String insert, String rows, boolean outcomes) {}

    /** Reads the jobs of a document that {@code cargo run --example flink-proof} writes. */
    static List<Job> jobs(JsonNode document) throws IOException {
        List<Job> jobs = new ArrayList<>();
        for (JsonNode job : document) {
            JsonNode source = job.required("source");
            List<Write> writes = new ArrayList<>();
            for (JsonNode write : job.required("writes")) {
                writes.add(new Write(
                        text(write, "create"),
                        text(write, "insert"),
                        text(write, "rows"),
                        write.required("outcomes").booleanValue()));
            }
            jobs.add(new Job(
                    text(job, "name"),
                    new Source(text(source, "table"), text(source, "create"), text(source, "rows")),
                    writes));
        }
        return jobs;
    }

    private static String text(JsonNode node, String name) {
        return node.required(name).textValue();
    }
}
