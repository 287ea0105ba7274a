/**
 * A script for Flink's SQL client.
 *
 * @param name what the report calls it
 * @param text the script
 * @param refusal null where the client must take the script as it is and Flink plan it; otherwise words of the reason
 */
record Script(String name, String text, String refusal) {}
