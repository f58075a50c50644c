extension SemanticsCase {
  static let subresources: [SemanticsCase] = []
}
