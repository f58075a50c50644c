extension SemanticsCase {
  static let apply: [SemanticsCase] = []
}
