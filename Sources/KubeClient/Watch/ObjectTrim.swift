public import JSON
public import Kubernetes

/// Cuts an object out of a list or an event, without the parts that nobody here reads.
///
/// The object gets a text of its own, so that it does not keep the whole page in memory, and the `apiVersion` and `kind` that items of lists
/// lack. Everything else stays as the server wrote it, byte for byte.
public struct ObjectTrim: Sendable {
  private let resource: Resource
  private let paths: [[String]]

  /// A trim that drops `metadata.managedFields`, often half of an object, and the members at the given paths.
  public init(_ resource: Resource, dropping paths: [[String]] = []) {
    self.resource = resource
    self.paths = [["metadata", "managedFields"]] + paths
  }

  /// The object of its own.
  ///
  /// - Throws: ``JSONError`` where the view is no object.
  public func object(_ view: JSONView) throws(JSONError) -> KubernetesObject {
    guard view.isObject else { throw JSONError(.unexpectedByte, at: view.textRange.lowerBound) }
    let base = view.textRange.lowerBound
    var cuts = paths.compactMap { member(view, $0[...]) }.map { $0.lowerBound - base..<$0.upperBound - base }
    cuts.sort { $0.lowerBound < $1.lowerBound }
    let bytes = view.withTextBytes { text in rest(text, cuts, prefix: prefix(view)) }
    return KubernetesObject(try JSONDocument(bytes).root)
  }

  /// The members that the object lacks, to stand before its others.
  private func prefix(_ view: JSONView) -> String {
    var prefix = ""
    if view["kind"] == nil { prefix += "\"kind\":\"\(resource.kind)\"," }
    if view["apiVersion"] == nil { prefix += "\"apiVersion\":\"\(resource.apiVersion)\"," }
    return prefix
  }

  /// Where the name and the value of a member stand.
  private func member(_ view: JSONView, _ path: ArraySlice<String>) -> Range<Int>? {
    guard let name = path.first else { return nil }
    let found = view.members.first { $0.nameView.isString(name) }
    guard let found else { return nil }
    guard path.count == 1 else { return member(found.value, path.dropFirst()) }
    return found.nameView.textRange.lowerBound..<found.value.textRange.upperBound
  }

  private func rest(_ text: Span<UInt8>, _ cuts: [Range<Int>], prefix: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count + prefix.utf8.count)
    bytes.append(UInt8(ascii: "{"))
    bytes.append(contentsOf: prefix.utf8)
    var place = 1
    for cut in cuts where cut.lowerBound >= place {
      append(text.extracting(place..<cut.lowerBound), to: &bytes)
      place = skipComma(text, cut.upperBound, &bytes)
    }
    append(text.extracting(place..<text.count), to: &bytes)
    // The prefix ends in a comma, which an empty object has no use for.
    if bytes.count >= 2, bytes[bytes.count - 2] == UInt8(ascii: ",") { bytes.remove(at: bytes.count - 2) }
    return bytes
  }

  /// Takes the comma away that stood between a removed member and its neighbour, behind it or else before it.
  private func skipComma(_ text: Span<UInt8>, _ end: Int, _ bytes: inout [UInt8]) -> Int {
    var place = end
    while place < text.count, isSpace(text[place]) { place += 1 }
    if place < text.count, text[place] == UInt8(ascii: ",") { return place + 1 }
    while let last = bytes.last, isSpace(last) { bytes.removeLast() }
    if bytes.last == UInt8(ascii: ",") { bytes.removeLast() }
    return place
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private func append(_ span: Span<UInt8>, to bytes: inout [UInt8]) {
    unsafe span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
  }
}
