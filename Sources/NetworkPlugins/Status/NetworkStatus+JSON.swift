public import JSON
import Kubernetes

/// A text that is no network status.
public struct NetworkStatusError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong.
  public let description: String
}

extension NetworkStatus {
  /// Reads the text of the annotation; nil where it is absent or empty, which means that there is no status yet.
  ///
  /// - Throws: ``NetworkStatusError`` for a text that is no JSON or has a field of another type.
  public static func parse(annotation: String?) throws(NetworkStatusError) -> NetworkStatus? {
    guard let annotation, !annotation.isEmpty else { return nil }
    guard let document = try? JSONDocument(annotation) else {
      throw NetworkStatusError(description: "network status is no JSON: \(quoted(annotation))")
    }
    return try NetworkStatus(document.root)
  }

  /// Reads a status object; `null` is an empty status.
  ///
  /// - Throws: ``NetworkStatusError`` where a field has another type than it should.
  public init(_ json: JSONView) throws(NetworkStatusError) {
    let fields = try Fields(json, "network status")
    networkType = try fields.string("networkType")
    internalAddresses = try fields.objects("internalAddresses", Address.init)
    externalAddresses = try fields.objects("externalAddresses", Address.init)
    desiredNetworkState = try fields.string("desiredNetworkState")
    currentNetworkState = try fields.string("currentNetworkState")
    createTime = try fields.optionalString("createTime")
    lastTransitionTime = try fields.optionalString("lastTransitionTime")
  }

  /// The status as JSON.
  public var value: JSONValue { .object(object) }

  private var object: JSONObject {
    var object = JSONObject()
    object.set("networkType", networkType)
    if !internalAddresses.isEmpty { object["internalAddresses"] = .array(internalAddresses.map(\.value)) }
    if !externalAddresses.isEmpty { object["externalAddresses"] = .array(externalAddresses.map(\.value)) }
    object.set("desiredNetworkState", desiredNetworkState)
    object.set("currentNetworkState", currentNetworkState)
    object.set("createTime", createTime ?? "")
    object.set("lastTransitionTime", lastTransitionTime ?? "")
    return object
  }

  /// The status as a text.
  public var text: String { value.text }

  /// The status as the text of the annotation, in which the times always stand: the compatibility target writes `null` for those not set.
  public var annotation: String {
    var object = object
    if createTime == nil { object["createTime"] = .null }
    if lastTransitionTime == nil { object["lastTransitionTime"] = .null }
    return JSONValue.object(object).text
  }
}

extension NetworkStatus.Address {
  fileprivate init(_ fields: Fields) throws(NetworkStatusError) {
    ip = try fields.string("ip")
    ports = try fields.objects("ports", NetworkStatus.Port.init)
    if let range = try fields.object("portRange") {
      portRange = NetworkStatus.PortRangeText(
        proto: try range.string("protocol"), range: try range.string("portRange"))
    } else {
      portRange = nil
    }
    endPoint = try fields.string("endPoint")
  }

  fileprivate var value: JSONValue {
    var object: JSONObject = ["ip": .string(ip)]
    if !ports.isEmpty { object["ports"] = .array(ports.map(\.value)) }
    if let portRange {
      object["portRange"] = ["protocol": .string(portRange.proto), "portRange": .string(portRange.range)]
    }
    object.set("endPoint", endPoint)
    return .object(object)
  }
}

extension NetworkStatus.Port {
  fileprivate init(_ fields: Fields) throws(NetworkStatusError) {
    name = try fields.string("name")
    proto = try fields.string("protocol")
    port = try fields.intOrString("port")
  }

  fileprivate var value: JSONValue {
    var object: JSONObject = ["name": .string(name)]
    object.set("protocol", proto)
    object["port"] = port?.value
    return .object(object)
  }
}

extension JSONObject {
  /// Sets a member where its text is not empty.
  fileprivate mutating func set(_ name: String, _ text: String) {
    if !text.isEmpty { self[name] = .string(text) }
  }
}

/// The members of an object that are absent, `null` or of the type that they should be.
private struct Fields {
  private let json: JSONView
  private let path: String

  init(_ json: JSONView, _ path: String) throws(NetworkStatusError) {
    guard json.isObject || json.isNull else { throw NetworkStatusError(description: "\(path) is no object") }
    self.json = json
    self.path = path
  }

  func string(_ name: String) throws(NetworkStatusError) -> String { try optionalString(name) ?? "" }

  func optionalString(_ name: String) throws(NetworkStatusError) -> String? {
    guard let field = field(name) else { return nil }
    guard let text = field.string else { throw mismatch(name, "a string") }
    return text
  }

  func intOrString(_ name: String) throws(NetworkStatusError) -> IntOrString? {
    guard let field = field(name) else { return nil }
    guard let value = IntOrString(field) else { throw mismatch(name, "a number or a string") }
    return value
  }

  func object(_ name: String) throws(NetworkStatusError) -> Fields? {
    guard let field = field(name) else { return nil }
    return try Fields(field, "\(path).\(name)")
  }

  func objects<Element>(
    _ name: String, _ read: (Fields) throws(NetworkStatusError) -> Element
  ) throws(NetworkStatusError) -> [Element] {
    guard let field = field(name) else { return [] }
    guard field.isArray else { throw mismatch(name, "an array") }
    var elements: [Element] = []
    for element in field.elements { elements.append(try read(Fields(element, "\(path).\(name)"))) }
    return elements
  }

  private func field(_ name: String) -> JSONView? { json[name].flatMap { $0.isNull ? nil : $0 } }

  private func mismatch(_ name: String, _ expected: String) -> NetworkStatusError {
    NetworkStatusError(description: "\(path).\(name) is not \(expected)")
  }
}
