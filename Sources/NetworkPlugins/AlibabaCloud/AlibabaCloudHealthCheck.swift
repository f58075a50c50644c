import JSON
import Kubernetes

/// The annotations of a Service that tell Alibaba Cloud how to check backends.
enum AlibabaCloudHealthCheck {
  /// Those of a classic load balancer.
  static func classic(_ values: ParameterValues) throws(PluginError) -> JSONObject {
    let flag = try values.word("LBHealthCheckFlag", ["on", "off"], default: "off")
    let isOn = try values.word("LBHealthCheckSwitch", ["on", "off"], default: "on")
    var annotations = JSONObject()
    annotations[key("health-check-flag")] = .string(flag)
    annotations[key("health-check-switch")] = .string(isOn)
    let common = try self.common(values)
    let protocolPort = try values.read("LBHealthCheckProtocolPort") { values throws(GrammarError) in
      let text = values.last ?? ""
      if !text.isEmpty { _ = try SchemePorts.parse(text) }
      return text
    }
    guard isOn == "on" else { return annotations }
    annotations.add(common)
    if common.isHTTP {
      annotations[key("protocol-port")] = .string(protocolPort)
      annotations.add(try http(values))
    }
    return annotations
  }

  /// Those of a network load balancer.
  static func network(_ values: ParameterValues) throws(PluginError) -> JSONObject {
    let flag = try values.word("LBHealthCheckFlag", ["on", "off"], default: "on")
    var annotations = JSONObject()
    annotations[key("health-check-flag")] = .string(flag)
    let common = try self.common(values)
    let port = try values.number("LBHealthCheckConnectPort", in: 0...65535, default: "0")
    guard flag == "on" else { return annotations }
    annotations.add(common)
    annotations[key("health-check-connect-port")] = .string(port)
    if common.isHTTP { annotations.add(try http(values)) }
    return annotations
  }

  private static func common(_ values: ParameterValues) throws(PluginError) -> JSONObject {
    // Checked even where nothing of it is written, so that a mistake shows before the check is switched on.
    _ = try http(values)
    return [
      key("health-check-type"): .string(try values.word("LBHealthCheckType", ["tcp", "http"], default: "tcp")),
      key("health-check-connect-timeout"): .string(
        try values.number("LBHealthCheckConnectTimeout", in: 1...300, default: "5")),
      key("health-check-interval"): .string(try values.number("LBHealthCheckInterval", in: 1...50, default: "10")),
      key("healthy-threshold"): .string(try values.number("LBHealthyThreshold", in: 2...10, default: "2")),
      key("unhealthy-threshold"): .string(try values.number("LBUnhealthyThreshold", in: 2...10, default: "2")),
    ]
  }

  private static func http(_ values: ParameterValues) throws(PluginError) -> JSONObject {
    [
      key("health-check-uri"): .string(try values.checked("LBHealthCheckUri", HealthCheckText.checkURI)),
      key("health-check-domain"): .string(try values.checked("LBHealthCheckDomain", HealthCheckText.checkDomain)),
      key("health-check-method"): .string(try values.word("LBHealthCheckMethod", ["get", "head"], default: "")),
    ]
  }

  private static func key(_ suffix: String) -> String { AlibabaCloudKeys.prefix + suffix }
}

extension JSONObject {
  /// Whether the check asks over HTTP.
  fileprivate var isHTTP: Bool { self[AlibabaCloudKeys.prefix + "health-check-type"] == "http" }

  fileprivate mutating func add(_ other: JSONObject) {
    for member in other.members { self[member.name] = member.value }
  }
}

extension ParameterValues {
  /// A number as it was written.
  fileprivate func number(
    _ name: String, in range: ClosedRange<Int>, default defaultValue: String
  ) throws(PluginError) -> String {
    _ = try int(name, in: range, default: range.lowerBound)
    return last(name) ?? defaultValue
  }

  /// A text that was checked; empty where it is absent.
  fileprivate func checked(
    _ name: String, _ check: (String) throws(GrammarError) -> Void
  ) throws(PluginError) -> String {
    try read(name) { values throws(GrammarError) in
      guard let text = values.last else { return "" }
      try check(text)
      return text
    }
  }
}
