/// A place in an object as messages write it: `spec.containers[0].image`, `metadata.annotations[a.b/c]`.
struct FieldPath {
  /// The names and positions from the root.
  let steps: [String]

  /// Splits a path at dots and brackets; quotes in brackets are left out, dots in them stay.
  init(_ text: String) {
    var steps: [String] = []
    var step = ""
    var isBracketed = false
    for character in text {
      switch character {
      case "[" where !isBracketed:
        if !step.isEmpty { steps.append(step) }
        step = ""
        isBracketed = true
      case "]" where isBracketed:
        steps.append(step.filter { $0 != "\"" && $0 != "'" })
        step = ""
        isBracketed = false
      case "." where !isBracketed:
        if !step.isEmpty { steps.append(step) }
        step = ""
      default: step.append(character)
      }
    }
    if !step.isEmpty { steps.append(step) }
    self.steps = steps
  }
}
