/// The health check parameters that Alibaba Cloud's network load balancers share.
enum NLBHealthCheck {
  /// Every parameter of the set.
  static let parameters: [ParameterDeclaration] =
    [
      ParameterDeclaration(
        "LBHealthCheckFlag", .word(["on", "off"], .anyCase), default: "on", "Whether backends are health-checked."),
      ParameterDeclaration(
        "LBHealthCheckConnectPort", .int(0...65535), default: "0", "Port that is checked; 0 is the backend's own."),
    ] + common

  /// The parameters that the classic load balancer has in the same form.
  static let common: [ParameterDeclaration] = [
    ParameterDeclaration(
      "LBHealthCheckType", .word(["tcp", "http"], .anyCase), default: "tcp", "How backends are checked."),
    ParameterDeclaration(
      "LBHealthCheckConnectTimeout", .int(1...300), default: "5", "Seconds until a check counts as failed."),
    ParameterDeclaration("LBHealthCheckInterval", .int(1...50), default: "10", "Seconds between two checks."),
    ParameterDeclaration(
      "LBHealthyThreshold", .int(2...10), default: "2", "Successes in a row that make a backend healthy."),
    ParameterDeclaration(
      "LBUnhealthyThreshold", .int(2...10), default: "2", "Failures in a row that make a backend unhealthy."),
    ParameterDeclaration("LBHealthCheckUri", .healthCheckURI, "Path that an HTTP check asks for."),
    ParameterDeclaration("LBHealthCheckDomain", .healthCheckDomain, "Host that an HTTP check asks for."),
    ParameterDeclaration(
      "LBHealthCheckMethod", .word(["get", "head"], .anyCase), "Method that an HTTP check uses."),
  ]
}
