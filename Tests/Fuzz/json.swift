// Compiled together with: Sources/JSON

/// Reads what libFuzzer made up as JSON, and holds the target to what it promises of every text it accepts.
///
/// Two texts with a zero byte between them are also compared: the difference, applied to the first, gives the second.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
  let documents = parts.compactMap { try? JSONDocument(Array($0)) }
  for document in documents { checkRoundTrip(document) }
  if documents.count == 2 { checkDifference(documents[0], documents[1]) }
  return 0
}

/// What is written, copied or rebuilt, reads back as the same value.
private func checkRoundTrip(_ document: JSONDocument) {
  var writer = JSONWriter()
  writer.view(document.root)
  require(JSONValue(document.root) == read(writer.finish()), "a copied document changed")
  require(JSONValue(document.root) == read(JSONValue(document.root).bytes), "a rebuilt document changed")
}

private func checkDifference(_ old: JSONDocument, _ new: JSONDocument) {
  let patch = JSONPatch.difference(from: JSONValue(old.root), to: JSONValue(new.root))
  guard let patched = try? patch.apply(to: JSONValue(old.root)) else {
    fatalError("the difference of two documents does not apply")
  }
  require(patched == JSONValue(new.root), "the difference leads to another document")
}

private func read(_ bytes: [UInt8]) -> JSONValue {
  guard let document = try? JSONDocument(bytes) else { fatalError("what was written is not JSON") }
  return JSONValue(document.root)
}

/// Ends the run with the reason, which an optimised `precondition` would not print.
private func require(_ holds: Bool, _ reason: String) {
  if !holds { fatalError(reason) }
}
