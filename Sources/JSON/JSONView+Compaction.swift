extension JSONDocument {
  /// A document without the values that the pointers lead to, and without the white space around their siblings.
  ///
  /// See ``JSONView/compacted(dropping:)``.
  public func compacted(dropping pointers: [JSONPointer]) -> JSONDocument { root.compacted(dropping: pointers) }
}

extension JSONView {
  /// A document of its own that holds this value without the values that the pointers lead to from here.
  ///
  /// For objects that are kept long: what is never read, such as `metadata.managedFields`, costs no memory, and an object
  /// that came inside of a watch event does not keep the event. Nothing is decoded. A pointer that leads nowhere drops nothing; every member of a name that
  /// stands twice is dropped; an element is counted as in this value, whatever else is dropped.
  public func compacted(dropping pointers: [JSONPointer] = []) -> JSONDocument {
    var writer = JSONWriter()
    writer.reserve(textRange.count)
    let kept = writer.write(self, without: pointers.map { $0.tokens[...] })
    // Dropping everything leaves the one value that says nothing.
    if !kept { writer.null() }
    do {
      return try JSONDocument(writer.finish(), limits: JSONLimits(depth: .max, bytes: .max))
    } catch {
      preconditionFailure("part of a checked text was refused: \(error)")
    }
  }
}

extension JSONWriter {
  /// Writes a value without what the paths lead to; answers false, and writes nothing, where that is the value itself.
  ///
  /// Recurses as deep as the longest path that leads somewhere.
  fileprivate mutating func write(_ view: JSONView, without paths: [ArraySlice<String>]) -> Bool {
    guard !paths.contains(where: \.isEmpty) else { return false }
    switch view.kind {
    case .object where !paths.isEmpty: writeMembers(of: view, without: paths)
    case .array where !paths.isEmpty: writeElements(of: view, without: paths)
    case .null, .bool, .number, .string, .array, .object: self.view(view)
    }
    return true
  }

  private mutating func writeMembers(of view: JSONView, without paths: [ArraySlice<String>]) {
    beginObject()
    for member in view.members {
      let inner = paths.filter { path in path.first.map { member.nameView.isString($0) } ?? false }
      guard !inner.contains(where: { $0.count == 1 }) else { continue }
      name(of: member)
      _ = write(member.value, without: inner.map { $0.dropFirst() })
    }
    endObject()
  }

  private mutating func writeElements(of view: JSONView, without paths: [ArraySlice<String>]) {
    beginArray()
    for (place, element) in view.elements.enumerated() {
      let inner = paths.filter { path in path.first.flatMap { JSONPointer.arrayIndex($0) } == place }
      _ = write(element, without: inner.map { $0.dropFirst() })
    }
    endArray()
  }

  /// Copies a name as it was written.
  private mutating func name(of member: JSONView.Member) {
    view(member.nameView)
    behindName()
  }
}
