extension StrategicMerge {
  /// Merges a list of a patch into a list, by what the table says of the field.
  mutating func elements(
    _ patch: [JSONValue], into old: [JSONValue], _ field: StrategicMergeSchema.Field
  ) throws(StrategicMergeError) -> [JSONValue] {
    switch field.strategy {
    case .standard, .replace:
      guard case .array(let list) = StrategicMerge.withoutDirectives(.array(patch)) else { return [] }
      return list
    case .set: return weave(unite(old, patch), first: patch, then: old, key: { $0 })
    case .keyed(let key): return try keyed(patch, into: old, key, field.schema)
    }
  }

  /// Every value of both lists once, in the order in which it comes first.
  private func unite(_ old: [JSONValue], _ patch: [JSONValue]) -> [JSONValue] {
    var seen = Set<JSONValue>()
    return (old + patch).filter { seen.insert($0).inserted }
  }

  private mutating func keyed(
    _ patch: [JSONValue], into old: [JSONValue], _ key: String, _ schema: StrategicMergeSchema
  ) throws(StrategicMergeError) -> [JSONValue] {
    let sorted = try sortDirectives(patch, key)
    if sorted.replaces { return sorted.changes.map { StrategicMerge.withoutDirectives($0) } }
    let live = old.filter { element in element[key].map { !sorted.deleted.contains($0) } ?? true }
    var merged = live
    var places: [JSONValue: Int] = [:]
    for (place, element) in merged.enumerated().reversed() {
      if let value = element[key] { places[value] = place }
    }
    for change in sorted.changes {
      guard let value = change[key] else { throw missingKey(key, change) }
      if let place = places[value], let before = merged[place].object, let change = change.object {
        merged[place] = .object(try members(change, into: before, schema))
      } else {
        places[value] = merged.count
        merged.append(StrategicMerge.withoutDirectives(change))
      }
    }
    return weave(merged, first: sorted.changes, then: live, key: { $0[key] ?? .null })
  }

  /// What the elements of a patched list ask for.
  private struct Sorted {
    var changes: [JSONValue] = []
    var deleted: Set<JSONValue> = []
    var replaces = false
  }

  private func sortDirectives(_ patch: [JSONValue], _ key: String) throws(StrategicMergeError) -> Sorted {
    var sorted = Sorted()
    for element in patch {
      guard case .object(let object) = element else { throw fault("an element of this list is an object") }
      guard let directive = object[Directive.patch] else {
        sorted.changes.append(element)
        continue
      }
      switch directive.string {
      case "replace": sorted.replaces = true
      case "delete":
        guard let value = object[key] else { throw missingKey(key, element) }
        sorted.deleted.insert(value)
      case "merge": throw fault("$patch: merge cannot stand in an element of a list")
      default: throw fault("$patch is replace or delete, not \(directive.text)")
      }
    }
    return sorted
  }

  private func missingKey(_ key: String, _ element: JSONValue) -> StrategicMergeError {
    fault("\"\(key)\" tells the elements of this list apart and is missing in \(element.text.prefix(120))")
  }

  /// The order of the live list, as Kubernetes looks at it when the patch has an order as well.
  ///
  /// There the live list is a slice that the merge writes through: as many new elements as were deleted count as its last.
  /// So a container that is renamed comes behind those that the patch does not name.
  func liveOrder(_ old: [JSONValue], _ patch: [JSONValue], _ field: StrategicMergeSchema.Field) -> [JSONValue] {
    guard case .keyed(let key) = field.strategy else { return old }
    let deleted = Set(patch.filter { $0[Directive.patch] != nil }.map { $0[key] })
    let kept = old.filter { !deleted.contains($0[key]) }
    let known = Set(kept.map { $0[key] })
    let added = patch.filter { $0[Directive.patch] == nil && !known.contains($0[key]) }
    return kept + added.prefix(old.count - kept.count)
  }

  /// Puts a merged list into the order of `$setElementOrder`, which has to name what the patch sets, in the patch's order.
  func ordered(
    _ merged: [JSONValue], by order: [JSONValue], patch: [JSONValue], old: [JSONValue],
    _ field: StrategicMergeSchema.Field
  ) throws(StrategicMergeError) -> [JSONValue] {
    var identity: (JSONValue) -> JSONValue = { $0 }
    if case .keyed(let key) = field.strategy {
      for element in order { guard element[key] != nil else { throw missingKey(key, element) } }
      identity = { $0[key] ?? .null }
    }
    var rest = order[...]
    for change in patch where change[Directive.patch] == nil && !order.isEmpty {
      guard let place = rest.firstIndex(where: { identity($0) == identity(change) }) else {
        throw fault("the order of the patch is not the order of $setElementOrder")
      }
      rest = rest[(place + 1)...]
    }
    return weave(merged, first: order, then: old, key: identity)
  }

  /// The order of Kubernetes: elements that `first` names keep its order, all others keep the order of `then`, and one of the others stands
  /// before one of the named only where both stood in `then` in that order.
  private func weave(
    _ merged: [JSONValue], first: [JSONValue], then: [JSONValue], key: (JSONValue) -> JSONValue
  ) -> [JSONValue] {
    let named = ranks(first.map(key))
    let before = ranks(then.map(key))
    let ranked = merged.map { (element: $0, named: named[key($0)], before: before[key($0)]) }
    let left = ranked.filter { $0.named == nil }.stablySorted { $0.before ?? .max }
    let right = ranked.filter { $0.named != nil }.stablySorted { $0.named ?? .max }
    var result: [JSONValue] = []
    var place = left.startIndex
    for element in right {
      while place < left.endIndex, let one = left[place].before, let two = element.before, one < two {
        result.append(left[place].element)
        place += 1
      }
      result.append(element.element)
    }
    return result + left[place...].map(\.element)
  }

  /// Where each value stands first.
  private func ranks(_ values: [JSONValue]) -> [JSONValue: Int] {
    Dictionary(values.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Array {
  /// Sorted by a rank, equal ranks in the order in which they stood.
  fileprivate func stablySorted(by rank: (Element) -> Int) -> [Element] {
    enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
  }
}
