extension SemanticsCase {
  static let patches: [SemanticsCase] = []
}
