extension SemanticsCase {
  static let lists: [SemanticsCase] = []
}
