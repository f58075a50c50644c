import JSON
import Kubernetes

extension GameServerSetRules {
  private struct Entry {
    let range: ClosedRange<Int>
    let place: Int
  }

  /// Reserved ordinals: integers from 0 on and ranges `a-b`, none of them twice.
  ///
  /// Ranges are compared by their ends, so that a list of large ones costs no more than a list of small ones.
  func checkReserveIDs(_ findings: inout FindingList) {
    guard let list = spec?["reserveGameServerIds"], !list.isNull else { return }
    guard list.isArray else {
      return findings.deny(.reserveIDs, "spec.reserveGameServerIds", list, "must be a list of integers and ranges a-b")
    }
    var entries: [Entry] = []
    for (place, element) in list.elements.enumerated() {
      guard let range = reserved(element, place, &findings) else { return }
      entries.append(Entry(range: range, place: place))
    }
    let total = entries.reduce(0) { $0 + $1.range.count }
    guard total <= ReserveIDs.limit else {
      return findings.deny(
        .reserveIDs, "spec.reserveGameServerIds", list, "must name at most \(ReserveIDs.limit) ids, and names \(total)")
    }
    guard let place = repeated(entries), let element = list[place] else { return }
    let text = entries[place].range
    let id = element.int == nil ? "\(text.lowerBound)-\(text.upperBound)" : String(text.lowerBound)
    findings.deny(
      .reserveIDs, "spec.reserveGameServerIds[\(place)]", element,
      exactly: "reserveGameServerIds should not be repeat. Now it is \(id)")
  }

  /// The ordinals of one entry; nil where it was refused.
  private func reserved(_ element: JSONView, _ place: Int, _ findings: inout FindingList) -> ClosedRange<Int>? {
    let path = "spec.reserveGameServerIds[\(place)]"
    guard let entry = IntOrString(element) else {
      findings.deny(.reserveIDs, path, element, "must be an integer from 0 on or a range such as \"3-5\"")
      return nil
    }
    do {
      return try ReserveIDs.range(entry)
    } catch {
      switch error {
      case .negative(let id):
        findings.deny(
          .reserveIDs, path, element,
          exactly: "reserveGameServerIds should be greater or equal to 0. Now it is \(id)")
      case .malformed, .repeated, .tooMany:
        findings.deny(
          .reserveIDs, path, element,
          exactly: "invalid range reserveGameServerIds found, an empty slice will be returned: \(entry)")
      }
      return nil
    }
  }

  /// The place of the first entry that names an id of an earlier one.
  private func repeated(_ entries: [Entry]) -> Int? {
    let sorted = entries.sorted { ($0.range.lowerBound, $0.place) < ($1.range.lowerBound, $1.place) }
    var first: Int?
    guard var reach = sorted.first else { return nil }
    for entry in sorted.dropFirst() {
      if entry.range.lowerBound <= reach.range.upperBound {
        first = min(first ?? Int.max, max(entry.place, reach.place))
      }
      if entry.range.upperBound > reach.range.upperBound { reach = entry }
    }
    return first
  }
}
