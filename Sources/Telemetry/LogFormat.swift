/// How log lines are written.
public enum LogFormat: String, Sendable, CaseIterable {
  /// One JSON object a line, for collectors.
  case json
  /// Time, level, logger, message and `key=value` pairs, for people.
  case text
}
