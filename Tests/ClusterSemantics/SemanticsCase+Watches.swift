extension SemanticsCase {
  static let watches: [SemanticsCase] = []
}
