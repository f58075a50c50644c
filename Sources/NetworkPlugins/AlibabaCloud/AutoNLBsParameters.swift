/// The parameters that both plugins share that make network load balancers by themselves.
enum AutoNLBsParameters {
  /// Every parameter but the version's own.
  static func declarations(zoneMaps: ParameterKind) -> [ParameterDeclaration] {
    [
      ParameterDeclaration("ZoneMaps", zoneMaps, required: true, "Private network and zones of the load balancers."),
      .portProtocols(),
      ParameterDeclaration("MinPort", .int(1...65535), default: "1000", "Lowest port outside."),
      ParameterDeclaration("MaxPort", .int(1...65535), default: "1499", "Highest port outside."),
      ParameterDeclaration("BlockPorts", .portNumbers, repeatable: true, "Ports outside that are never used."),
      ParameterDeclaration("ReserveNlbNum", .int(0...1000), default: "1", "Load balancers to keep in reserve."),
      ParameterDeclaration(
        "EipIspTypes", .words, default: "BGP",
        "Lines; each gets load balancers of its own and its word is in their names."),
      .externalTrafficPolicy(default: "Local"),
      ParameterDeclaration(
        "RetainNLBOnDelete", .word(["true", "false"], .anyCase), default: "true",
        "Whether load balancers and addresses outlive the GameServerSet (AlibabaCloud-AutoNLBs-V2 only)."),
      ParameterDeclaration(
        "SecurityProtectionTypes", .names, "Protection types of the addresses (AlibabaCloud-AutoNLBs-V2 only)."),
    ] + NLBHealthCheck.parameters
  }
}
