/// Changes to a document that are recorded beside it: reads see them at once, and the result is a patch of just the touched places.
///
/// The document is never re-encoded, so fields that the editor does not know stay as they are, to the byte. Writing a value that is there
/// already records nothing in the patch, which is what makes edits idempotent. Missing parents are made as objects.
public struct JSONEditor: Sendable {
  /// The document as it was.
  public let original: JSONView
  private var root = Edit()

  /// An editor without changes.
  public init(_ original: JSONView) { self.original = original }

  /// The value at a path with the changes applied; nil where there is none.
  public func value(at path: [String]) -> JSONValue? { lookUp(path).value }

  /// The string at a path with the changes applied; nil where there is none or it is no string.
  public func string(at path: [String]) -> String? {
    switch lookUp(path) {
    case .untouched(let view): view.string
    case .made(let value): value.string
    case .changed(let view, let edit): Edit.merged(view, edit).string
    case .absent: nil
    }
  }

  /// Whether there is a value at a path with the changes applied.
  public func exists(at path: [String]) -> Bool {
    if case .absent = lookUp(path) { false } else { true }
  }

  /// Sets the value at a path.
  public mutating func set(_ path: [String], _ value: JSONValue) {
    root.change(path[...], original) { edit, _ in
      edit = Edit(replacement: .set(value))
    } inside: {
      $0 = value
    }
  }

  /// Removes the value at a path; nothing happens where there is none.
  public mutating func remove(_ path: [String]) {
    guard exists(at: path), !path.isEmpty else { return }
    root.change(path[...], original) { edit, view in
      edit = view == nil ? Edit() : Edit(replacement: .removed)
    } inside: {
      $0 = nil
    }
  }

  /// Appends to the array at a path, which is made where it is missing.
  public mutating func append(_ path: [String], _ value: JSONValue) {
    root.change(path[...], original) { edit, view in
      if view?.isArray == true { edit.appended.append(value) } else { edit = Edit(replacement: .set([value])) }
    } inside: {
      $0 = .array(($0?.array ?? []) + [value])
    }
  }

  /// Inserts before the first element of the array at a path, which is made where it is missing.
  ///
  /// Positions in paths go on counting without the inserted element.
  public mutating func prepend(_ path: [String], _ value: JSONValue) {
    root.change(path[...], original) { edit, view in
      if view?.isArray == true { edit.prepended.append(value) } else { edit = Edit(replacement: .set([value])) }
    } inside: {
      $0 = .array([value] + ($0?.array ?? []))
    }
  }

  /// The operations that turn the document as it was into the document as it is now.
  public var patch: JSONPatch {
    var operations: [JSONPatch.Operation] = []
    emit(into: &operations)
    return JSONPatch(operations)
  }

  /// Appends the operations of ``patch``.
  public func emit(into operations: inout [JSONPatch.Operation]) {
    var path = JSONPath()
    root.emit(original, &path, into: &operations)
  }

  /// Whether anything was changed at or below a member of the document.
  public func hasChanges(at name: String) -> Bool {
    root.replacement != nil || root.children.contains { $0.token == name && !$0.edit.isEmpty }
  }

  /// The whole document with the changes applied.
  public var result: JSONValue { Edit.merged(original, root) }

  fileprivate enum Found {
    case absent
    case untouched(JSONView)
    case made(JSONValue)
    case changed(JSONView, Edit)

    var value: JSONValue? {
      switch self {
      case .absent: nil
      case .untouched(let view): JSONValue(view)
      case .made(let value): value
      case .changed(let view, let edit): Edit.merged(view, edit)
      }
    }
  }

  private func lookUp(_ path: [String]) -> Found { root.lookUp(path[...], original) }
}

extension JSONView {
  /// The child that one step of a path leads to; a `null` has no children.
  fileprivate func step(_ token: String) -> JSONView? {
    switch kind {
    case .object: self[token]
    case .array: JSONPointer.arrayIndex(token).flatMap { self[$0] }
    case .null, .bool, .number, .string: nil
    }
  }

  /// What the steps of a path lead to.
  fileprivate func descendant(_ path: ArraySlice<String>) -> JSONView? {
    var view = self
    for token in path {
      guard let child = view.step(token) else { return nil }
      view = child
    }
    return view
  }
}

extension JSONValue {
  fileprivate func lookUp(_ path: ArraySlice<String>) -> JSONValue? {
    guard let token = path.first else { return self }
    let child: JSONValue? =
      switch self {
      case .object(let object): object[token]
      case .array: JSONPointer.arrayIndex(token).flatMap { self[$0] }
      case .null, .bool, .number, .string: nil
      }
    return child?.lookUp(path.dropFirst())
  }

  /// Changes the value at a path inside a value that was itself made by an edit.
  fileprivate mutating func change(_ path: ArraySlice<String>, _ body: (inout JSONValue?) -> Void) {
    guard let token = path.first else {
      var value: JSONValue? = self
      body(&value)
      self = value ?? .null
      return
    }
    switch self {
    case .array(var elements):
      guard let place = JSONPointer.arrayIndex(token), elements.indices.contains(place) else { return }
      var element: JSONValue? = elements[place]
      if path.count == 1 { body(&element) } else { element?.change(path.dropFirst(), body) }
      if let element { elements[place] = element } else { elements.remove(at: place) }
      self = .array(elements)
    case .object, .null:
      var child = self[token]
      if path.count == 1 {
        body(&child)
      } else {
        var made = child ?? .null
        made.change(path.dropFirst(), body)
        child = made
      }
      self[token] = child
    case .bool, .number, .string: return
    }
  }
}

/// What was changed at one place of a document and below it.
private struct Edit: Sendable {
  enum Replacement: Sendable {
    case set(JSONValue)
    case removed
  }

  struct Child: Sendable {
    let token: String
    var edit: Edit
  }

  var replacement: Replacement?
  var children: [Child] = []
  var appended: [JSONValue] = []
  /// In the order in which they were inserted: the last one stands first.
  var prepended: [JSONValue] = []

  init(replacement: Replacement? = nil) { self.replacement = replacement }

  var isEmpty: Bool {
    replacement == nil && children.allSatisfy(\.edit.isEmpty) && appended.isEmpty && prepended.isEmpty
  }

  /// What a path leads to from a view that this edit belongs to.
  ///
  /// Walks in place: a copy of an edit would count references to each of its lists.
  func lookUp(_ path: ArraySlice<String>, _ view: JSONView?) -> JSONEditor.Found {
    switch replacement {
    case .set(let value)?: return value.lookUp(path).map(JSONEditor.Found.made) ?? .absent
    case .removed?: return .absent
    case nil: break
    }
    guard let token = path.first else {
      guard let view else { return isEmpty ? .absent : .made(made) }
      return isEmpty ? .untouched(view) : .changed(view, self)
    }
    let child = view?.step(token)
    guard let place = place(of: token) else {
      return child?.descendant(path.dropFirst()).map(JSONEditor.Found.untouched) ?? .absent
    }
    return children[place].edit.lookUp(path.dropFirst(), child)
  }

  private func place(of token: String) -> Int? {
    for place in children.indices where children[place].token == token { return place }
    return nil
  }

  /// Walks to a place and changes it there, or inside a value that an earlier edit made.
  mutating func change(
    _ path: ArraySlice<String>, _ view: JSONView?, at: (inout Edit, JSONView?) -> Void,
    inside: (inout JSONValue?) -> Void
  ) {
    if case .set(var value)? = replacement, !(path.isEmpty) {
      value.change(path, inside)
      replacement = .set(value)
      return
    }
    guard let token = path.first else {
      if case .set(let value)? = replacement {
        var changed: JSONValue? = value
        inside(&changed)
        replacement = changed.map(Replacement.set) ?? .removed
      } else {
        at(&self, replacement == nil ? view : nil)
      }
      return
    }
    if replacement != nil { self = Edit(replacement: .set(.object(JSONObject()))) }
    if case .set(var value)? = replacement {
      value.change(path, inside)
      replacement = .set(value)
      return
    }
    let place = place(of: token) ?? children.endIndex
    if place == children.endIndex { children.append(Child(token: token, edit: Edit())) }
    children[place].edit.change(path.dropFirst(), view?.step(token), at: at, inside: inside)
  }

  /// The value of an edit where the document has none: its children as an object.
  var made: JSONValue {
    if case .set(let value)? = replacement { return value }
    var object = JSONObject()
    for child in children where !child.edit.isEmpty {
      if case .removed? = child.edit.replacement { continue }
      object[child.token] = child.edit.made
    }
    return .object(object)
  }

  /// A view with an edit applied.
  static func merged(_ view: JSONView, _ edit: Edit) -> JSONValue {
    if case .set(let value)? = edit.replacement { return value }
    guard !edit.isEmpty else { return JSONValue(view) }
    guard view.isArray else {
      var value: JSONValue = view.isObject ? JSONValue(view) : .object(JSONObject())
      for child in edit.children where !child.edit.isEmpty {
        if case .removed? = child.edit.replacement {
          value[child.token] = nil
        } else {
          value[child.token] = view.step(child.token).map { merged($0, child.edit) } ?? child.edit.made
        }
      }
      return value
    }
    var elements = edit.prepended.reversed() as [JSONValue]
    for (place, element) in view.elements.enumerated() {
      guard let child = edit.children.first(where: { $0.token == String(place) }) else {
        elements.append(JSONValue(element))
        continue
      }
      if case .removed? = child.edit.replacement { continue }
      elements.append(merged(element, child.edit))
    }
    return .array(elements + edit.appended)
  }

  /// Appends the operations for this place and below; a view that is missing or `null` is replaced as a whole.
  ///
  /// The path is the same again afterwards.
  func emit(_ view: JSONView?, _ path: inout JSONPath, into patch: inout [JSONPatch.Operation]) {
    switch replacement {
    case .removed?:
      if view != nil { patch.append(.remove(path.pointer)) }
      return
    case .set(let value)?:
      guard let view else { return patch.append(.add(path.pointer, value)) }
      if JSONValue(view) != value { patch.append(.replace(path.pointer, value)) }
      return
    case nil: break
    }
    guard let view, view.isObject || view.isArray else {
      if !isEmpty { patch.append(.add(path.pointer, made)) }
      return
    }
    for place in children.indices where !(view.isArray && children[place].edit.isRemoval) {
      emit(place, view, &path, into: &patch)
    }
    if view.isArray { emitRemovals(view, &path, into: &patch) }
    for value in appended { patch.append(.add(path.pointer(to: "-"), value)) }
    for value in prepended { patch.append(.add(path.pointer(to: "0"), value)) }
  }

  /// Elements are removed from the back, so that the positions of those before them stay true.
  private func emitRemovals(
    _ view: JSONView, _ path: inout JSONPath, into patch: inout [JSONPatch.Operation]
  ) {
    guard children.contains(where: \.edit.isRemoval) else { return }
    let removals = children.indices.filter { children[$0].edit.isRemoval }
    for place in removals.sorted(by: { (Int(children[$0].token) ?? 0) > (Int(children[$1].token) ?? 0) }) {
      emit(place, view, &path, into: &patch)
    }
  }

  private func emit(
    _ place: Int, _ view: JSONView, _ path: inout JSONPath, into patch: inout [JSONPatch.Operation]
  ) {
    let token = children[place].token
    let mark = path.descend(token)
    children[place].edit.emit(view.step(token), &path, into: &patch)
    path.ascend(to: mark)
  }

  private var isRemoval: Bool {
    if case .removed? = replacement { true } else { false }
  }
}
