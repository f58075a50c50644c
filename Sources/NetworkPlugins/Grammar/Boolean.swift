/// The spellings of a boolean that Go's `strconv.ParseBool` accepts, which parameters and labels share.
public enum Boolean {
  /// The value of a text; nil for anything but the twelve spellings.
  public static func parse(_ text: some StringProtocol) -> Bool? {
    switch text {
    case "1", "t", "T", "true", "TRUE", "True": true
    case "0", "f", "F", "false", "FALSE", "False": false
    default: nil
    }
  }
}
