extension SemanticsCase {
  static let customResources: [SemanticsCase] = []
}
