import JSON

/// The annotations of a Service that tell Huawei Cloud how a listener works.
enum HwCloudListener {
  /// All of them but the load balancer's id.
  static func annotations(_ values: ParameterValues) throws(PluginError) -> JSONObject {
    var annotations = JSONObject()
    func set(_ suffix: String, _ value: String) { annotations[HwCloudKeys.prefix + suffix] = .string(value) }
    let category = try values.word("ElbClass", ["dedicated", "shared"], default: "dedicated")
    set("class", category)
    let limit = try values.int("ElbConnLimit", in: -1...Int.max, default: -1)
    if category == "shared" { set("connection-limit", String(limit)) }
    let algorithms = ["ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP"]
    set("lb-algorithm", try values.word("ElbLbAlgorithm", algorithms, default: algorithms[0]))
    set("session-affinity-flag", try values.word("ElbSessionAffinityFlag", ["on", "off"], default: "off"))
    set("session-affinity-option", values.last("ElbSessionAffinityOption") ?? "")
    set("enable-transparent-client-ip", String(try values.bool("ElbTransparentClientIP", default: false)))
    set("x-forwarded-host", String(try values.bool("ElbXForwardedHost", default: false)))
    for (name, suffix, range) in timeouts where values.contains(name) {
      set(suffix, String(try values.int(name, in: range, default: range.lowerBound)))
    }
    let check = try values.word("LBHealthCheckFlag", ["on", "off"], default: "on")
    set("health-check-flag", check)
    if check == "on" { set("health-check-option", values.last("LBHealthCheckOption") ?? "") }
    return annotations
  }

  /// Limits of time in seconds; without one the cloud has its own.
  private static let timeouts: [(name: String, suffix: String, range: ClosedRange<Int>)] = [
    ("ElbIdleTimeout", "idle-timeout", 0...4000), ("ElbRequestTimeout", "request-timeout", 1...300),
    ("ElbResponseTimeout", "response-timeout", 1...300),
  ]
}
