/// A JSON value that can be built and changed, for objects that the product writes.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// The value of an object's member; setting nil removes the member.
  ///
  /// Setting on `null` makes an object of it.
  public subscript(name: String) -> JSONValue? {
    get {
      guard case .object(let object) = self else { return nil }
      return object[name]
    }
    set {
      switch self {
      case .object(var object):
        self = .null
        object[name] = newValue
        self = .object(object)
      case .null, .bool, .number, .string, .array:
        // Objects of users have any type anywhere: what cannot have a member gives way to an object that has it.
        var object = JSONObject()
        object[name] = newValue
        self = .object(object)
      }
    }
  }

  /// The element of an array.
  public subscript(position: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(position) else { return nil }
    return elements[position]
  }

  /// The text of a string.
  public var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The value of a boolean.
  public var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// The value of a number that is written as an integer.
  public var int: Int? {
    guard case .number(let number) = self else { return nil }
    return number.int
  }

  /// The elements of an array.
  public var array: [JSONValue]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// The members of an object.
  public var object: JSONObject? {
    guard case .object(let object) = self else { return nil }
    return object
  }

  /// Whether the value is `null`.
  public var isNull: Bool {
    guard case .null = self else { return false }
    return true
  }
}

extension JSONValue {
  /// Decodes a view into a value of its own; of two members with the same name the last stays.
  public init(_ view: JSONView) {
    switch view.kind {
    case .null: self = .null
    case .bool: self = .bool(view.bool ?? false)
    case .number: self = .number(JSONNumber(checked: view.numberText ?? "0"))
    case .string: self = .string(view.string ?? "")
    case .array: self = .array(view.elements.map(JSONValue.init))
    case .object: self = .object(JSONObject(view))
    }
  }

  /// An object of strings, such as labels.
  public init(_ strings: [String: String]) {
    self = .object(JSONObject(strings.sorted { $0.key < $1.key }.map { JSONObject.Member($0.key, .string($0.value)) }))
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A number.
  public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object with its members in the order given.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements.map { JSONObject.Member($0.0, $0.1) }))
  }
  /// `null`.
  public init(nilLiteral: ()) { self = .null }

  /// A number from an integer.
  public static func int(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
}
