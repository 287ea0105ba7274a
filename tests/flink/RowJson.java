import java.io.Serializable;
import java.math.BigInteger;
import java.time.LocalDate;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.BooleanNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.NullNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.TextNode;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;

/**
 * Writes rows as JSON that loses nothing: NULL and booleans as such, every other scalar as text (a DECIMAL with all
 * digits of its scale, floating-point numbers as their bits, an instant as nanoseconds since 1970), a ROW and a MAP as
 * objects.
 */
record RowJson(RowType type) implements Serializable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    String line(RowData row) {
        return row(row, type).toString();
    }

    private static JsonNode row(RowData row, RowType type) {
        ObjectNode node = MAPPER.createObjectNode();
        for (int at = 0; at < type.getFieldCount(); at++) {
            LogicalType field = type.getTypeAt(at);
            node.set(type.getFieldNames().get(at), value(RowData.createFieldGetter(field, at).getFieldOrNull(row), field));
        }
        return node;
    }

    private static JsonNode value(Object value, LogicalType type) {
        if (value == null) {
            return NullNode.getInstance();
        }
        return switch (type.getTypeRoot()) {
            case ROW -> row((RowData) value, (RowType) type);
            case ARRAY -> array((ArrayData) value, ((ArrayType) type).getElementType());
            case MAP -> map((MapData) value, (MapType) type);
            case BOOLEAN -> BooleanNode.valueOf((Boolean) value);
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> TextNode.valueOf(nanoseconds((TimestampData) value));
            case FLOAT -> TextNode.valueOf(String.format("%08x", Float.floatToIntBits((Float) value + 0.0f)));
            case DOUBLE -> TextNode.valueOf(String.format("%016x", Double.doubleToLongBits((Double) value + 0.0)));
            case CHAR, VARCHAR, DECIMAL, TINYINT, SMALLINT, INTEGER, BIGINT -> TextNode.valueOf(value.toString());
            case DATE -> TextNode.valueOf(LocalDate.ofEpochDay((Integer) value).toString());
            case TIMESTAMP_WITHOUT_TIME_ZONE -> TextNode.valueOf(value.toString());
            default -> throw new IllegalArgumentException("a column of type " + type);
        };
    }

    private static ArrayNode array(ArrayData array, LogicalType type) {
        ArrayNode node = MAPPER.createArrayNode();
        ArrayData.ElementGetter getter = ArrayData.createElementGetter(type);
        for (int at = 0; at < array.size(); at++) {
            node.add(value(getter.getElementOrNull(array, at), type));
        }
        return node;
    }

    private static JsonNode map(MapData map, MapType type) {
        ObjectNode node = MAPPER.createObjectNode();
        ArrayNode keys = array(map.keyArray(), type.getKeyType());
        ArrayNode values = array(map.valueArray(), type.getValueType());
        for (int at = 0; at < keys.size(); at++) {
            node.set(keys.get(at).textValue(), values.get(at));
        }
        return node;
    }

    private static String nanoseconds(TimestampData instant) {
        return BigInteger.valueOf(instant.getMillisecond())
                .multiply(BigInteger.valueOf(1_000_000))
                .add(BigInteger.valueOf(instant.getNanoOfMillisecond()))
                .toString();
    }
}
