/// The members of an object, each name once, in the order in which they were first set.
///
/// A list and not a hash table: objects of the Kubernetes API have few members, and the order is kept for people who read the output.
/// Names are told apart by their bytes, as RFC 8259 section 8.3 wants.
public struct JSONObject: Sendable, ExpressibleByDictionaryLiteral {
  /// A name and its value.
  public struct Member: Sendable {
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
  public internal(set) var members: [Member]

  /// An object without members.
  public init() { members = [] }

  /// An object of the given members; of two with the same name the last value stays.
  public init(_ members: [Member]) {
    self.init()
    guard members.count > Places.listLimit else {
      if JSONObject.areDistinct(members) {
        self.members = members
      } else {
        for member in members { self[member.name] = member.value }
      }
      return
    }
    self.members.reserveCapacity(members.count)
    var places: [TextKey: Int] = [:]
    for member in members {
      if let place = places[TextKey(member.name)] {
        self.members[place].value = member.value
      } else {
        places[TextKey(member.name)] = self.members.count
        self.members.append(member)
      }
    }
  }

  /// An object of members whose names the caller knows to differ; they are not compared.
  public init(distinct members: [Member]) { self.members = members }

  /// Whether no name stands twice in a short list.
  private static func areDistinct(_ members: [Member]) -> Bool {
    for place in members.indices {
      for earlier in 0..<place where sameText(members[earlier].name, members[place].name) { return false }
    }
    return true
  }

  init(_ view: JSONView) {
    guard view.count <= Places.listLimit else {
      self.init(view.members.map { Member($0.name, JSONValue($0.value)) })
      return
    }
    self.init()
    members.reserveCapacity(view.count)
    for member in view.members { self[member.name] = JSONValue(member.value) }
  }

  /// An object from a literal.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements.map { Member($0.0, $0.1) }) }

  /// The value of a member; setting nil removes it.
  public subscript(name: String) -> JSONValue? {
    get { place(of: name).map { members[$0].value } }
    set {
      switch (place(of: name), newValue) {
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

  /// Where a member stands.
  func place(of name: String) -> Int? { members.firstIndex { sameText($0.name, name) } }
}

extension JSONObject {
  /// Where each member stands, for looking up many names in one object.
  var places: Places { Places(self) }

  /// The places of the members: the list itself while it is short, a table when it is long.
  enum Places {
    case list(JSONObject)
    case table([TextKey: Int])

    /// Beyond this many members a table finds a name faster than comparing each.
    static let listLimit = 16

    init(_ object: JSONObject) {
      guard object.count > Places.listLimit else {
        self = .list(object)
        return
      }
      var table: [TextKey: Int] = [:]
      for (place, member) in object.members.enumerated() { table[TextKey(member.name)] = place }
      self = .table(table)
    }

    func place(of name: String) -> Int? {
      switch self {
      case .list(let object): object.place(of: name)
      case .table(let table): table[TextKey(name)]
      }
    }
  }
}
