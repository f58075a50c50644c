// Compiled together with: Sources/JSON

/// Reads what libFuzzer made up as JSON, and holds the target to what it promises of every text it accepts.
///
/// Of two texts with a zero byte between them the second is also applied to the first, as a patch of either kind.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
  let documents = parts.compactMap { try? JSONDocument(Array($0)) }
  for document in documents { checkRoundTrip(document) }
  if documents.count == 2 { checkPatches(JSONValue(documents[0].root), documents[1]) }
  return 0
}

/// What is written, copied or rebuilt, reads back as the same value.
private func checkRoundTrip(_ document: JSONDocument) {
  var writer = JSONWriter()
  writer.view(document.root)
  require(JSONValue(document.root) == read(writer.finish()), "a copied document changed")
  require(JSONValue(document.root) == read(JSONValue(document.root).bytes), "a rebuilt document changed")
}

/// What a patch makes of a document is a document, and what a merge patch sets does not change when it is set again.
private func checkPatches(_ value: JSONValue, _ patch: JSONDocument) {
  if let patched = try? JSONPatch(patch.root).apply(to: value) {
    require(patched == read(patched.bytes), "a patched document changed")
  }
  let merged = JSONMergePatch.apply(JSONValue(patch.root), to: value)
  require(merged == JSONMergePatch.apply(JSONValue(patch.root), to: merged), "a merge patch changed its own result")
}

private func read(_ bytes: [UInt8]) -> JSONValue {
  guard let document = try? JSONDocument(bytes) else { fatalError("what was written is not JSON") }
  return JSONValue(document.root)
}

/// Ends the run with the reason, which an optimised `precondition` would not print.
private func require(_ holds: Bool, _ reason: String) {
  if !holds { fatalError(reason) }
}
