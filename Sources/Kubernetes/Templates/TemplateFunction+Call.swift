extension TemplateFunction {
  /// The value for arguments whose number was checked where the template was parsed; a call without any is checked here.
  func call(_ arguments: [TemplateValue]) throws(TemplateError) -> TemplateValue {
    guard arity.contains(arguments.count) else { throw TemplateError("\(rawValue) got \(arguments.count) arguments") }
    switch self {
    case .and, .or: return arguments.first { $0.isTrue == (self == .or) } ?? arguments.last ?? .null
    case .not: return .bool(!arguments[0].isTrue)
    case .eq: return .bool(arguments[0] == arguments[1])
    case .ne: return .bool(arguments[0] != arguments[1])
    case .lt, .le, .gt, .ge: return .bool(try compare(arguments))
    case .len: return .int(try text(arguments[0]).utf8.count)
    case .index: return try index(arguments)
    case .slice: return try slice(arguments)
    case .print: return .string(try GoFormat.print(arguments))
    case .println: return .string(try GoFormat.println(arguments))
    case .printf: return .string(try GoFormat.printf(try text(arguments[0]), Array(arguments.dropFirst())))
    case .html: return .string(GoEscape.html(try GoFormat.print(arguments)))
    case .js: return .string(GoEscape.js(try GoFormat.print(arguments)))
    case .urlquery: return .string(GoEscape.urlQuery(try GoFormat.print(arguments)))
    case .call: throw TemplateError("call of a \(arguments[0].typeName), which is no function")
    }
  }

  private func text(_ value: TemplateValue) throws(TemplateError) -> String {
    guard case .string(let text) = value else { throw TemplateError("\(rawValue) of a \(value.typeName)") }
    return text
  }

  /// Orders two strings: as numbers where both are, else by their bytes.
  private func compare(_ arguments: [TemplateValue]) throws(TemplateError) -> Bool {
    let (one, other) = (try text(arguments[0]), try text(arguments[1]))
    if let one = Double(one), let other = Double(other) { return decide(one, other) }
    // Go compares strings byte by byte, not by the alphabet.
    let isLess = one.utf8.lexicographicallyPrecedes(other.utf8)
    let isEqual = one.utf8.elementsEqual(other.utf8)
    return decide(isEqual ? 0 : isLess ? -1 : 1, 0)
  }

  private func decide<Number: Comparable>(_ one: Number, _ other: Number) -> Bool {
    switch self {
    case .lt: one < other
    case .le: one <= other
    case .gt: one > other
    default: one >= other
    }
  }

  private func index(_ arguments: [TemplateValue]) throws(TemplateError) -> TemplateValue {
    guard arguments.count > 1 else { return arguments[0] }
    let bytes = Array(try text(arguments[0]).utf8)
    guard arguments.count == 2, case .int(let place) = arguments[1] else {
      throw TemplateError("index of a string takes one integer")
    }
    guard bytes.indices.contains(place) else { throw TemplateError("index out of range: \(place)") }
    return .int(Int(bytes[place]))
  }

  private func slice(_ arguments: [TemplateValue]) throws(TemplateError) -> TemplateValue {
    let bytes = Array(try text(arguments[0]).utf8)
    var bounds = [0, bytes.count]
    guard arguments.count <= 3 else { throw TemplateError("a string has no slice of three indexes") }
    for (place, argument) in arguments.dropFirst().enumerated() {
      guard case .int(let bound) = argument else { throw TemplateError("slice takes integers") }
      guard (0...bytes.count).contains(bound) else { throw TemplateError("index out of range: \(bound)") }
      bounds[place] = bound
    }
    guard bounds[0] <= bounds[1] else { throw TemplateError("invalid slice index: \(bounds[0]) > \(bounds[1])") }
    return .string(String(decoding: bytes[bounds[0]..<bounds[1]], as: UTF8.self))
  }
}
