extension JSONView {
  /// The elements of an array in order; nothing for any other value.
  @inlinable public var elements: Elements { Elements(self) }

  /// The members of an object in order, each occurrence of a name that stands twice; nothing for any other value.
  @inlinable public var members: Members { Members(self) }

  /// The elements of an array, one view each.
  public struct Elements: Sequence, IteratorProtocol, Sendable {
    @usableFromInline let document: JSONDocument
    @usableFromInline var place: Int
    @usableFromInline let end: Int

    @inlinable init(_ view: JSONView) {
      document = view.document
      place = view.index + 1
      end = view.isArray ? Int(view.node.end) : 0
    }

    /// The next element.
    @inlinable public mutating func next() -> JSONView? {
      guard place < end else { return nil }
      let view = JSONView(document: document, index: place)
      place = Int(view.node.end)
      return view
    }
  }

  /// A name and its value.
  public struct Member: Sendable {
    /// The value.
    public let value: JSONView

    @inlinable init(value: JSONView) { self.value = value }

    /// The name as a string value, for reading without making a string of it.
    @inlinable public var nameView: JSONView {
      // A name stands right before its value.
      JSONView(document: value.document, index: value.index - 1)
    }

    /// The decoded name.
    public var name: String { nameView.string ?? "" }
  }

  /// The members of an object.
  public struct Members: Sequence, IteratorProtocol, Sendable {
    @usableFromInline let document: JSONDocument
    @usableFromInline var place: Int
    @usableFromInline let end: Int

    @inlinable init(_ view: JSONView) {
      document = view.document
      place = view.index + 1
      end = view.isObject ? Int(view.node.end) : 0
    }

    /// The next member.
    @inlinable public mutating func next() -> Member? {
      guard place < end else { return nil }
      let value = JSONView(document: document, index: place + 1)
      place = Int(value.node.end)
      return Member(value: value)
    }
  }
}
