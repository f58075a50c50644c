import Admission
import GameAdmission
import JSON
import TestSupport
import Testing

@Suite("Any review")
struct FuzzTests {
  @Test("gets a well-formed answer", arguments: FixtureFolder.allCases, 0..<3)
  func answersAnything(folder: FixtureFolder, seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let sources = try GoldenCase.all.filter { $0.folder == folder }.map { try $0.review }
    let handler = try TestCluster().admission().handler(folder.path)
    var answer = AdmissionAnswer()
    for round in 0..<300 {
      let source = try #require(sources.randomElement(using: &random))
      // Half of the mutations keep the text JSON, so that they reach the decisions.
      let body = round.isMultiple(of: 2) ? mutateBytes(source, &random) : try mutateValues(source, &random)
      handler.handle(body: body.span, query: "timeout=10s", receivedAt: .now, into: &answer)
      let root = try JSONDocument(answer.body).root
      guard answer.status == 200 else {
        #expect(answer.status == 400)
        #expect(root["message"]?.string?.isEmpty == false)
        continue
      }
      let response = try #require(root["response"])
      let request = try JSONDocument(body).root["request"]
      #expect(response["uid"]?.string == request?["uid"]?.string)
      #expect(response["allowed"]?.bool != nil)
      #expect((response["patch"] == nil) == (response["patchType"] == nil))
      guard let patch = response["patch"]?.base64, let object = request?["object"] else { continue }
      let operations = try JSONPatch(try JSONDocument(patch).root)
      _ = try operations.apply(to: JSONValue(object))
    }
  }

  @Test("is answered where a number is as large or as small as JSON can say it", arguments: FixtureFolder.allCases)
  func answersExtremeNumbers(folder: FixtureFolder) throws {
    let handler = try TestCluster().admission().handler(folder.path)
    var answer = AdmissionAnswer()
    let extremes: [JSONValue] = try ["9223372036854775807", "-9223372036854775808", "2147483648", "1e999", "-0", "0.5"]
      .map { JSONValue(try JSONDocument(Array($0.utf8)).root) }
    for golden in GoldenCase.all where golden.folder == folder {
      let review = JSONValue(try JSONDocument(try golden.review).root)
      let object = review["request"]?["object"] ?? nil
      for path in numbers(in: object) {
        for extreme in extremes {
          var changed = review
          changed["request"]?["object"] = replacing(object, path[...], by: extreme)
          handler.handle(body: changed.bytes.span, query: "timeout=10s", receivedAt: .now, into: &answer)
          #expect([200, 400].contains(answer.status), "\(golden) \(path) \(extreme)")
        }
      }
    }
  }

  /// The paths of everything that is a number, or could be one: what is left out of a specification often is.
  private func numbers(in value: JSONValue) -> [[String]] {
    switch value {
    case .number: [[]]
    case .object(let object): object.members.flatMap { member in numbers(in: member.value).map { [member.name] + $0 } }
    case .array(let elements):
      elements.enumerated().flatMap { place, element in numbers(in: element).map { [String(place)] + $0 } }
    case .null, .bool, .string: []
    }
  }

  private func replacing(_ value: JSONValue, _ path: ArraySlice<String>, by replacement: JSONValue) -> JSONValue {
    guard let step = path.first else { return replacement }
    switch value {
    case .object(var object):
      object[step] = replacing(object[step] ?? nil, path.dropFirst(), by: replacement)
      return .object(object)
    case .array(var elements):
      guard let place = Int(step), elements.indices.contains(place) else { return value }
      elements[place] = replacing(elements[place], path.dropFirst(), by: replacement)
      return .array(elements)
    default: return value
    }
  }

  private func mutateBytes(_ source: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var body = source
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0..<body.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: body[place] = UInt8.random(in: 0...255, using: &random)
      case 1: body.insert(Array("{}[]\",:\\0tn-".utf8).randomElement(using: &random) ?? 0, at: place)
      default: body.removeSubrange(place..<min(place + Int.random(in: 1...8, using: &random), body.count))
      }
    }
    return body
  }

  /// Replaces a few values of the object by others that are JSON and hardly what is expected there.
  private func mutateValues(_ source: [UInt8], _ random: inout SeededGenerator) throws -> [UInt8] {
    var review = JSONValue(try JSONDocument(source).root)
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      guard var request = review["request"] else { break }
      for field in ["object", "oldObject"] {
        if let object = request[field] { request[field] = mutated(object, &random) }
      }
      review["request"] = request
    }
    return review.bytes
  }

  private func mutated(_ value: JSONValue, _ random: inout SeededGenerator) -> JSONValue {
    let strange: [JSONValue] = [
      nil, true, -1, 0, 1, .int(.max), .int(.min), "", "x", "{{.Result", "é\u{0}\n", [], [nil], [[:]], [:], ["name": 1],
      "9223372036854775808",
      "-5",
      .string(String(repeating: "a", count: 300)),
    ]
    let replacement = strange.randomElement(using: &random) ?? nil
    guard Int.random(in: 0..<6, using: &random) > 0 else { return replacement }
    switch value {
    case .object(let object):
      guard let member = object.members.randomElement(using: &random) else { return replacement }
      var changed = object
      changed[member.name] = mutated(member.value, &random)
      return .object(changed)
    case .array(let elements):
      guard let place = elements.indices.randomElement(using: &random) else { return replacement }
      var changed = elements
      changed[place] = mutated(elements[place], &random)
      return .array(changed)
    default: return replacement
    }
  }
}
