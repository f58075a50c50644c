import HTTPServer
import JSON
import Kubernetes

/// One request as the front of the API server sees it: taken apart, with the escapes of its path and query undone.
struct FrontRequest: Sendable {
  let method: Method
  let path: [String]
  let query: [String: String]
  let accept: String
  let contentType: String
  /// Who asks: the name is taken from where clients put one, and nobody is turned away.
  let user: String
  /// What the client calls itself, up to the first slash: the name of its changes where it gives no other.
  let agent: String
  let body: [UInt8]

  init(_ head: RequestHead, _ body: Span<UInt8>) {
    method = head.method
    path = head.path.split(separator: "/").map { Self.undoEscapes($0) }
    query = Dictionary(head.queryItems.map { ($0.name, $0.value) }) { first, _ in first }
    accept = head["accept"] ?? ""
    contentType = String((head["content-type"] ?? "").prefix { $0 != ";" })
    user = Self.user(head)
    agent = String((head["user-agent"] ?? "").prefix { $0 != "/" })
    self.body = unsafe body.withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// Whether a query parameter is there and means yes.
  func flag(_ name: String) -> Bool {
    guard let value = query[name] else { return false }
    return value.isEmpty || value == "true" || value == "1"
  }

  /// A number in the query.
  ///
  /// - Throws: A bad request where it is none.
  func number(_ name: String) throws(KubernetesError) -> Int? {
    guard let text = query[name], !text.isEmpty else { return nil }
    guard let number = Int(text) else {
      throw APIFailure.badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax")
    }
    return number
  }

  /// The body as JSON.
  func json() throws(KubernetesError) -> JSONValue {
    do throws(JSONError) {
      return JSONValue(try JSONDocument(body).root)
    } catch {
      throw APIFailure.badRequest("the object provided is unrecognized: \(error)")
    }
  }

  private static func user(_ head: RequestHead) -> String {
    if let name = head["impersonate-user"] { return name }
    if let token = head["authorization"], token.hasPrefix("Bearer system:") { return String(token.dropFirst(7)) }
    let commonName = head.clientSubject?.split(separator: ",").first { $0.hasPrefix("CN=") }
    return commonName.map { String($0.dropFirst(3)) } ?? "system:admin"
  }

  private static func undoEscapes(_ text: Substring) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      let digits = String(rest.prefix(2)) ?? ""
      if byte == UInt8(ascii: "%"), digits.count == 2, let value = UInt8(digits, radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
