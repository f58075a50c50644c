import Admission
import JSON
import TestSupport
import Testing

@Suite("Any body")
struct FuzzTests {
  @Test("gets a well-formed answer", arguments: 0..<8)
  func answersAnything(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let reviewer = ScriptedReviewer { request, context in
      context.warn(request.name)
      return .patched(JSONPatch([.add(JSONPointer([request.id]), .string(request.namespace))]))
    }
    let handler = AdmissionHandler(path: "/test", reviewer: reviewer)
    let source = review().bytes
    var answer = AdmissionAnswer()
    var outcomes: Set<AdmissionAnswer.Outcome> = []
    for _ in 0..<400 {
      let body = mutate(source, &random)
      handler.handle(body: body.span, query: "timeout=10s", receivedAt: .now, into: &answer)
      let root = try JSONDocument(answer.body).root
      outcomes.insert(answer.outcome)
      if answer.status == 200 {
        let asked = try JSONDocument(body).root["request"]?["uid"]
        #expect(root["response"]?["uid"]?.string == asked?.string)
      } else {
        #expect(answer.status == 400)
        #expect(root["message"]?.string?.isEmpty == false)
      }
    }
    #expect(outcomes == [.malformed, .patched])
  }

  /// Flips, inserts, removes or repeats a few bytes.
  private func mutate(_ source: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var body = source
    for _ in 0..<Int.random(in: 1...3, using: &random) where !body.isEmpty {
      let place = Int.random(in: 0..<body.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: body[place] = UInt8.random(in: 0...255, using: &random)
      case 1: body.insert(Array("{}[]\",:\\0tn".utf8).randomElement(using: &random) ?? 0, at: place)
      case 2: body.removeSubrange(place..<min(place + Int.random(in: 1...8, using: &random), body.count))
      default: body.replaceSubrange(place..<place, with: body[place..<min(place + 16, body.count)])
      }
    }
    return body
  }
}
