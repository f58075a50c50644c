/// The members of an object, each name once, in the order in which they were first set.
///
/// A list and not a hash table: objects of the Kubernetes API have few members, and the order is kept for people who read the output.
public struct JSONObject: Sendable, ExpressibleByDictionaryLiteral {
  /// A name and its value.
  public struct Member: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The value.
    public var value: JSONValue

    /// Pairs a name with a value.
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The members in order.
  public private(set) var members: [Member]

  /// An object without members.
  public init() { members = [] }

  /// An object of the given members; of two with the same name the last value stays.
  public init(_ members: [Member]) {
    self.init()
    self.members.reserveCapacity(members.count)
    // Beyond this many members a table finds repeated names faster than comparing each with each.
    if members.count <= 16 {
      for member in members { self[member.name] = member.value }
    } else {
      var places: [String: Int] = [:]
      for member in members {
        if let place = places[member.name] {
          self.members[place].value = member.value
        } else {
          places[member.name] = self.members.count
          self.members.append(member)
        }
      }
    }
  }

  init(_ view: JSONView) { self.init(view.members.map { Member($0.name, JSONValue($0.value)) }) }

  /// An object from a literal.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements.map { Member($0.0, $0.1) }) }

  /// The value of a member; setting nil removes it.
  public subscript(name: String) -> JSONValue? {
    get { members.first { $0.name == name }?.value }
    set {
      let place = members.firstIndex { $0.name == name }
      switch (place, newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil): members.remove(at: place)
      case (nil, let value?): members.append(Member(name, value))
      case (nil, nil): break
      }
    }
  }

  /// How many members there are.
  public var count: Int { members.count }
  /// Whether there are none.
  public var isEmpty: Bool { members.isEmpty }
  /// The names in order.
  public var names: [String] { members.map(\.name) }
}

extension JSONObject: Hashable {
  /// Whether both objects have the same members, in whatever order.
  public static func == (one: JSONObject, other: JSONObject) -> Bool {
    guard one.count == other.count else { return false }
    if one.members == other.members { return true }
    return one.members.allSatisfy { other[$0.name] == $0.value }
  }

  /// Feeds the members without their order.
  public func hash(into hasher: inout Hasher) {
    var sum = 0
    for member in members { sum ^= member.hashValue }
    hasher.combine(sum)
  }
}
