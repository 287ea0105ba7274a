import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.logical.RowType;

/**
 * The connector {@code collect}: writes rows in their order into the file {@code path}, each as one line of JSON. With
 * {@code outcomes} the first column is a number and the others are booleans: {@code 12 tfu}.
 */
public final class Collect implements DynamicTableSinkFactory {
    private static final ConfigOption<String> PATH =
            ConfigOptions.key("path").stringType().noDefaultValue();

    private static final ConfigOption<Boolean> OUTCOMES =
            ConfigOptions.key("outcomes").booleanType().defaultValue(false);

    @Override
    public String factoryIdentifier() {
        return "collect";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(PATH);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of(OUTCOMES);
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        helper.validate();
        RowType type = (RowType) context.getPhysicalRowDataType().getLogicalType();
        return new Table(
                helper.getOptions().get(PATH), helper.getOptions().get(OUTCOMES), type);
    }

    private record Table(String path, boolean outcomes, RowType type) implements DynamicTableSink {
        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            return ChangelogMode.insertOnly();
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(DynamicTableSink.Context context) {
            return SinkV2Provider.of(new File(path, outcomes, type), 1);
        }

        @Override
        public DynamicTableSink copy() {
            return this;
        }

        @Override
        public String asSummaryString() {
            return "collect into " + path;
        }
    }

    private record File(String path, boolean outcomes, RowType type) implements Sink<RowData> {
        @Override
        public SinkWriter<RowData> createWriter(WriterInitContext context) throws IOException {
            return new Writer(Files.newBufferedWriter(Path.of(path)), outcomes, new RowJson(type));
        }
    }

    private record Writer(BufferedWriter lines, boolean outcomes, RowJson json) implements SinkWriter<RowData> {
        @Override
        public void write(RowData row, Context context) throws IOException {
            lines.write(outcomes ? outcomes(row) : json.line(row));
            lines.newLine();
        }

        private static String outcomes(RowData row) {
            StringBuilder letters = new StringBuilder().append(row.getInt(0)).append(' ');
            for (int at = 1; at < row.getArity(); at++) {
                letters.append(row.isNullAt(at) ? 'u' : row.getBoolean(at) ? 't' : 'f');
            }
            return letters.toString();
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            lines.flush();
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
