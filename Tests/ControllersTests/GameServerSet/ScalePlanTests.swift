import Kubernetes
import Testing

@testable import Controllers

@Suite("A scale plan")
struct ScalePlanTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let name: String
    let pods: String
    var explicit = ""
    var previous = ""
    var reserved = ""
    let replicas: Int
    let managed: Set<Int>
    let result: String
    var testDescription: String { name }
  }

  static let examples = [
    Example(name: "first fill", pods: "", replicas: 3, managed: [0, 1, 2], result: ""),
    Example(
      name: "created with reserve ids", pods: "0,2,4", explicit: "1,3", reserved: "1,3", replicas: 3,
      managed: [0, 2, 4],
      result: "1,3"),
    Example(name: "scale in, plain", pods: "0,1,2,3", replicas: 2, managed: [0, 1], result: "2,3"),
    Example(
      name: "scale in by opsState", pods: "0,1:WaitToBeDeleted,2:Maintaining,3:Allocated", replicas: 2,
      managed: [2, 3],
      result: "0,1"),
    Example(name: "scale in by priority", pods: "0,1/9,2/5,3/10", replicas: 3, managed: [0, 1, 2], result: "3"),
    Example(
      name: "Kill wins over WaitToBeDeleted", pods: "0:Kill,1:WaitToBeDeleted,2", replicas: 2, managed: [1, 2],
      result: "0"),
    Example(
      name: "migrate one ordinal", pods: "0,1,2", explicit: "1", replicas: 3, managed: [0, 2, 3], result: "1"),
    Example(
      name: "take one server offline", pods: "0,1,2", explicit: "1", replicas: 2, managed: [0, 2], result: "1"),
    Example(
      name: "reserve one and scale in two", pods: "0,1,2:WaitToBeDeleted,3", explicit: "0", replicas: 2,
      managed: [1, 3],
      result: "0,2"),
    Example(
      name: "reserve id dropped, replicas unchanged", pods: "0,2", previous: "1", reserved: "1", replicas: 2,
      managed: [0, 2], result: "1"),
    Example(
      name: "reserve id dropped and scale out", pods: "0,2", previous: "1", reserved: "1", replicas: 3,
      managed: [0, 1, 2], result: ""),
    Example(
      name: "scale out reuses implicit holes first", pods: "0,3", reserved: "1,2", replicas: 4, managed: [0, 1, 2, 3],
      result: ""),
    Example(
      name: "scale out skips explicit ids", pods: "0,3", explicit: "1", previous: "1", reserved: "1,2", replicas: 4,
      managed: [0, 2, 3, 4], result: "1"),
    Example(
      name: "PreDelete ordinal is not reused", pods: "0,1,2‡", reserved: "2,3", replicas: 4, managed: [0, 1, 3, 4],
      result: "2"),
    Example(
      name: "terminating ordinal is reused", pods: "0,1,2†", reserved: "2", replicas: 3, managed: [0, 1, 2], result: ""),
    Example(
      name: "extend a reserved range and scale in together", pods: "0,1,2,5,6", explicit: "3-6", previous: "3-4",
      reserved: "3,4", replicas: 3, managed: [0, 1, 2], result: "3-6"),
    Example(
      name: "swap reserved id", pods: "0,2,3", explicit: "2", previous: "1", reserved: "1", replicas: 3,
      managed: [0, 1, 3], result: "2"),
    Example(name: "scale to zero", pods: "0,1", replicas: 0, managed: [], result: "0,1"),
  ]

  /// Reads `ordinal[:opsState][/priority]`, `†` for terminating and `‡` for held back by a hook.
  private func servers(_ text: String) -> [ServerFacts] {
    text.split(separator: ",").map { entry in
      var entry = String(entry)
      var facts = ServerFacts(ordinal: 0)
      if entry.hasSuffix("†") { facts.presence = .terminating }
      if entry.hasSuffix("‡") { facts.presence = .preparingDelete }
      entry.removeAll { $0 == "†" || $0 == "‡" }
      let priority = entry.split(separator: "/")
      if priority.count == 2 { facts.deletePriority = String(priority[1]) }
      let state = priority[0].split(separator: ":")
      if state.count == 2 { facts.opsState = String(state[1]) }
      facts.ordinal = Int(state[0]) ?? -1
      return facts
    }
  }

  @Test("follows the worked examples", arguments: examples)
  func follows(_ example: Example) {
    let plan = ScalePlan(
      ScalePlan.Situation(
        servers: servers(example.pods), explicit: ReserveIDs.parse(annotation: example.explicit),
        previousExplicit: ReserveIDs.parse(annotation: example.previous),
        workloadReserved: ReserveIDs.parse(annotation: example.reserved), replicas: example.replicas))
    #expect(Set((0..<100).filter(plan.manages)) == example.managed)
    #expect(ReserveIDs.annotation(plan.reserved) == ReserveIDs.annotation(ReserveIDs.parse(annotation: example.result)))
  }

  @Test("takes no longer, and no more memory, for a number of servers that somebody mistyped")
  func isNotCounted() {
    let plan = ScalePlan(
      ScalePlan.Situation(
        servers: servers("0,2"), explicit: [5], previousExplicit: [], workloadReserved: [7], replicas: Int(Int32.max)))
    #expect([0, 1, 2, 3, 4, 6, 7, 2_000_000_000].allSatisfy(plan.manages))
    #expect(!plan.manages(5))
    // One place further for the reserved one, which the count of the others makes up for.
    #expect(plan.manages(Int(Int32.max)) && !plan.manages(Int(Int32.max) + 1))
    #expect(plan.reserved == [5])
  }

  @Test(
    "deletes in the documented order",
    arguments: [
      ("0/10,1:Maintaining,2:WaitToBeDeleted,3", [2, 0, 3, 1]),
      ("0:Allocated,1:Maintaining,2:WaitToBeDeleted,3,4:Kill,5:InMatch", [4, 2, 5, 3, 0, 1]),
      ("0/0,1,2/x", [2, 1, 0]),
    ])
  func order(_ pods: String, _ expected: [Int]) {
    #expect(servers(pods).sorted { $0.isDeletedBefore($1) }.map(\.ordinal) == expected)
  }
}
