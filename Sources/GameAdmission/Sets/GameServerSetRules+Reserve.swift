import JSON
import Kubernetes

extension GameServerSetRules {
  /// Reserved ordinals: integers from 0 on and ranges `a-b`, none of them twice; the first entry that is wrong is named.
  ///
  /// A list with one wrong entry reserves nothing, so it is judged as a whole: a change of it has to mend what is wrong with it.
  /// Ranges are compared by their ends, so that a list of large ones costs no more than a list of small ones.
  func checkReserveIDs(_ findings: inout FindingList) {
    guard let list = spec?["reserveGameServerIds"], !list.isNull else { return }
    guard list.isArray else {
      return findings.deny(.reserveIDs, "spec.reserveGameServerIds", list, "must be a list of integers and ranges a-b")
    }
    var ranges: [ClosedRange<Int>] = []
    for element in list.elements {
      guard let range = IntOrString(element).flatMap({ try? ReserveIDs.range($0) }) else { break }
      ranges.append(range)
    }
    if let place = firstRepetition(ranges) {
      guard let element = list[place] else { return }
      let range = ranges[place]
      let id = element.int == nil ? "\(range.lowerBound)-\(range.upperBound)" : String(range.lowerBound)
      return findings.deny(
        .reserveIDs, "spec.reserveGameServerIds[\(place)]", element, judging: list.text,
        exactly: "reserveGameServerIds should not be repeat. Now it is \(id)")
    }
    if let element = list[ranges.count] { return refuse(element, at: ranges.count, of: list, &findings) }
    let total = ranges.reduce(0) { $0 + $1.count }
    guard total > ReserveIDs.limit else { return }
    findings.deny(
      .reserveIDs, "spec.reserveGameServerIds", list, "must name at most \(ReserveIDs.limit) ids, and names \(total)")
  }

  /// Says why an entry names no ordinals.
  private func refuse(_ element: JSONView, at place: Int, of list: JSONView, _ findings: inout FindingList) {
    let path = "spec.reserveGameServerIds[\(place)]"
    guard let entry = IntOrString(element) else {
      return findings.deny(
        .reserveIDs, path, element, judging: list.text, "must be an integer from 0 on or a range such as \"3-5\"")
    }
    var words = "invalid range reserveGameServerIds found, an empty slice will be returned: \(entry)"
    if case .int(let id) = entry { words = "reserveGameServerIds should be greater or equal to 0. Now it is \(id)" }
    findings.deny(.reserveIDs, path, element, judging: list.text, exactly: words)
  }

  /// The place of the first range that holds an ordinal of an earlier one.
  ///
  /// Sorted once; then the shortest beginning of the list with a repetition is looked for, and each is one walk over the sorted places.
  private func firstRepetition(_ ranges: [ClosedRange<Int>]) -> Int? {
    let sorted = ranges.indices.sorted { ranges[$0].lowerBound < ranges[$1].lowerBound }
    func repeats(_ count: Int) -> Bool {
      var reach = -1
      for place in sorted where place < count {
        guard ranges[place].lowerBound > reach else { return true }
        reach = ranges[place].upperBound
      }
      return false
    }
    guard repeats(ranges.count) else { return nil }
    var (without, with) = (0, ranges.count)
    while with - without > 1 {
      let middle = (without + with) / 2
      if repeats(middle) { with = middle } else { without = middle }
    }
    return with - 1
  }
}
