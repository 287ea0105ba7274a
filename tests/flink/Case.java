import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * One statement to explain.
 *
 * @param name what the report calls it
 * @param sources CREATE TABLE of each table that it reads
 * @param sinks CREATE TABLE of each table that it writes
 * @param statement the INSERT, just as it is submitted
 * @param refusal null where Flink must plan the statement; otherwise words that its refusal must hold
 */
record Case(String name, List<String> sources, List<String> sinks, String statement, String refusal) {

    /** Reads the statements of a document that {@code cargo run --example flink-cases} writes. */
    static List<Case> cases(JsonNode document) throws IOException {
        List<Case> cases = new ArrayList<>();
        for (JsonNode node : field(document, "cases")) {
            cases.add(new Case(
                    field(node, "name").textValue(),
                    texts(field(node, "sources")),
                    texts(field(node, "sinks")),
                    field(node, "statement").textValue(),
                    field(node, "refusal").textValue()));
        }
        return cases;
    }

    /** Reads the scripts of the document. */
    static List<Script> scripts(JsonNode document) throws IOException {
        List<Script> scripts = new ArrayList<>();
        for (JsonNode node : field(document, "scripts")) {
            scripts.add(new Script(
                    field(node, "name").textValue(),
                    field(node, "text").textValue(),
                    field(node, "refusal").textValue()));
        }
        return scripts;
    }

    private static JsonNode field(JsonNode node, String name) throws IOException {
        JsonNode value = node.get(name);
        if (value == null) {
            throw new IOException("a case without `" + name + "`: " + node);
        }
        return value;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.textValue()));
        return texts;
    }
}
