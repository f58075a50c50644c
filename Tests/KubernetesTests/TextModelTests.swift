import JSON
import Testing

@testable import Kubernetes

@Suite struct TextModelTests {
  private func roundTrip(_ text: [UInt8], like model: [UInt8]) -> (same: Bool, size: Int) {
    let model = TextModel(model.span)
    let differences = model.differences(of: text.span)
    return (model.text(differences.span, count: text.count) == text, differences.count)
  }

  @Test(
    "gives a text back",
    arguments: [
      ("", ""), ("", "model"), ("text", ""), ("abc", "abc"), ("abcdef", "abcdef"), ("abcdefg", "xabcdefgx"),
      ("the same, the same, the same", "the same"), ("a longer text than its model, and its end", "its model"),
      (String(repeating: "0", count: 1000), String(repeating: "0", count: 300)),
    ])
  func givesBack(text: String, model: String) {
    #expect(roundTrip(Array(text.utf8), like: Array(model.utf8)).same)
  }

  @Test("gives back whatever there is", arguments: 0..<50)
  func fuzz(seed: UInt64) {
    var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ limit: Int) -> Int {
      random ^= random << 13
      random ^= random >> 7
      random ^= random << 17
      return Int(random >> 33) % limit
    }
    let model = (0..<next(3000)).map { _ in UInt8(next(4)) }
    var text: [UInt8] = []
    for _ in 0..<20 {
      let start = next(model.count + 1)
      text += model[start..<start + next(model.count - start + 1)]
      text += (0..<next(40)).map { _ in UInt8(next(256)) }
    }
    #expect(roundTrip(text, like: model).same)
  }

  @Test("keeps what a copy has beyond 64 KiB of the model as it is")
  func longModel() {
    let model = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }
    let (same, size) = roundTrip(model, like: model)
    #expect(same)
    #expect(size < 40_000)
  }

  @Test("keeps a pod that is like another in a fraction of its text")
  func small() {
    func pod(_ number: Int) -> [UInt8] {
      let conditions = ["Initialized", "ContainersReady", "Ready", "PodScheduled"].map { type in
        #"{"type":"\#(type)","status":"True","lastTransitionTime":"2026-01-02T03:04:\#(10 + number)Z"}"#
      }
      return Array(
        (#"{"metadata":{"name":"game-\#(number)","namespace":"default","uid":"0000-\#(1000 + number * 7)"},"#
          + #""spec":{"containers":[{"name":"game","image":"game:1","imagePullPolicy":"IfNotPresent"}],"hostname":"#
          + #""game-\#(number)"},"status":{"phase":"Running","conditions":[\#(conditions.joined(separator: ","))]}}"#)
          .utf8)
    }
    let (same, size) = roundTrip(pod(12), like: pod(3))
    #expect(same)
    #expect(size * 3 < pod(12).count)
  }

  @Test("takes another model once many objects are unlike the first")
  func anotherModel() {
    func object(_ kind: Int, _ number: Int) -> KubernetesObject {
      let words = (0..<60).map { "\(($0 * 7919 + 1) * (kind * 104_729 + 3))" }.joined(separator: " ")
      return KubernetesObject(["metadata": ["name": .string("n\(number)")], "words": .string(words)])
    }
    var packer = ObjectPacker()
    var packed: [PackedObject] = []
    for number in 0..<300 { packed.append(packer.pack(object(number < 3 ? 0 : 1, number))) }
    for (number, packed) in packed.enumerated() { #expect(packed.object.name == "n\(number)") }
    #expect(packed[0].byteCount > 300)
    #expect(packed[50].byteCount > 300)
    #expect(packed[299].byteCount < 100)
  }
}
