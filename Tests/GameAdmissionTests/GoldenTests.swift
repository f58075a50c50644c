import Admission
import Foundation
import GameAdmission
import JSON
import TestSupport
import Testing

@Suite("A golden review")
struct GoldenTests {
  @Test("there are cases for every path")
  func hasCases() {
    for folder in FixtureFolder.allCases { #expect(GoldenCase.all.contains { $0.folder == folder }) }
  }

  @Test("gets the answer beside it", arguments: GoldenCase.all)
  func isAnswered(golden: GoldenCase) throws {
    let answered = try Answered(try golden.review, at: golden.folder.path, try TestCluster().admission())
    #expect(answered.status == 200)
    if let folder = ProcessInfo.processInfo.environment["GATEHOUSE_RECORD"] { try record(golden, answered, in: folder) }
    let patch = try golden.expected("patch").map { try JSONPatch(try JSONDocument($0.bytes).root) }
    #expect(answered.patch == patch)
    let response = try golden.expected("answer") ?? ["allowed": true]
    #expect(answered.response == response, "\(answered.response.text)")
  }

  @Test("is answered with nothing more when the patched object is reviewed", arguments: GoldenCase.all)
  func isIdempotent(golden: GoldenCase) throws {
    let admission = try TestCluster().admission()
    let first = try Answered(try golden.review, at: golden.folder.path, admission)
    guard let patch = first.patch else { return }
    var review = JSONValue(try JSONDocument(try golden.review).root)
    var request = try #require(review["request"])
    let raw = try #require(request["object"])
    let patched = try patch.apply(to: raw)
    request["object"] = patched
    review["request"] = request
    if let object = try golden.expected("object") { #expect(patched == object) }
    let second = try Answered(review.bytes, at: golden.folder.path, admission)
    #expect(second.patch == nil)
    #expect(second.response["allowed"] == true)
  }

  @Test("keeps everything that its patch does not name", arguments: GoldenCase.all)
  func keepsUnknownFields(golden: GoldenCase) throws {
    let answered = try Answered(try golden.review, at: golden.folder.path, try TestCluster().admission())
    guard let patch = answered.patch else { return }
    let raw = try #require(JSONValue(try JSONDocument(try golden.review).root)["request"]?["object"])
    let patched = try patch.apply(to: raw)
    let touched = Set(patch.operations.map { $0.path.tokens })
    expectKept(raw, patched, [], touched)
  }

  /// Every value of the raw object stands in the patched one, unless an operation names its place or one above it.
  private func expectKept(_ raw: JSONValue, _ patched: JSONValue?, _ path: [String], _ touched: Set<[String]>) {
    if touched.contains(path) { return }
    switch raw {
    case .object(let object):
      for member in object.members {
        expectKept(member.value, patched?[member.name], path + [member.name], touched)
      }
    case .array(let elements):
      // An insertion before the first moves the others.
      guard !touched.contains(path + ["0"]) else { return }
      for (place, element) in elements.enumerated() {
        expectKept(element, patched?[place], path + [String(place)], touched)
      }
    default: #expect(patched == raw, "\(path.joined(separator: "/"))")
    }
  }

  /// Writes what is answered now, for a person to look through and commit.
  private func record(_ golden: GoldenCase, _ answered: Answered, in folder: String) throws {
    let base = URL(filePath: folder).appending(path: golden.folder.rawValue).appending(path: golden.name)
    var files: [(String, [UInt8])] = []
    if let patch = answered.patch {
      var writer = JSONWriter()
      writer.patch(patch)
      files.append(("patch", writer.finish()))
    }
    if answered.response != ["allowed": true] { files.append(("answer", answered.response.bytes)) }
    for (kind, bytes) in files {
      let object = try JSONSerialization.jsonObject(with: Data(bytes))
      let text = try JSONSerialization.data(
        withJSONObject: object, options: [.prettyPrinted, .withoutEscapingSlashes, .sortedKeys])
      try (text + Data("\n".utf8)).write(to: base.appendingPathExtension("\(kind).json"))
    }
  }
}
