extension SemanticsCase {
  static let deletion: [SemanticsCase] = []
}
