/// What the sidecar asks for and may use at most.
public struct SidecarResources: Sendable, Hashable, CustomStringConvertible {
  /// A request and a limit.
  public struct Range: Sendable, Hashable {
    /// What the scheduler sets aside.
    public let request: Quantity
    /// What the container may not exceed.
    public let limit: Quantity
  }

  /// CPU.
  public let cpu: Range
  /// Memory.
  public let memory: Range

  /// The annotation's form.
  public var description: String {
    "cpu=\(cpu.request.text)/\(cpu.limit.text),memory=\(memory.request.text)/\(memory.limit.text)"
  }

  static let standardText = "cpu=5m/50m,memory=8Mi/32Mi"

  /// What a sidecar gets where nothing else is written: the agent sleeps most of the time and stays under 8 MB.
  static let standard: SidecarResources = {
    guard case .accepted(let resources) = check(standardText) else {
      preconditionFailure("the standard resources do not parse")
    }
    return resources
  }()

  /// Parses `cpu=REQUEST/LIMIT,memory=REQUEST/LIMIT`; either part may be left out, and one amount stands for both.
  static func check(_ text: String) -> Checked<SidecarResources> {
    let refused = Checked<SidecarResources>.refused(
      "is not accepted: it takes amounts with request at most limit, such as \(standardText)")
    var ranges: [String: Range] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let (name, amounts) = part.trimmed.splitOnce("="), ["cpu", "memory"].contains(name), ranges[name] == nil,
        let range = range(amounts)
      else { return refused }
      ranges[name] = range
    }
    guard !ranges.isEmpty else { return refused }
    // An `m` where `Mi` was meant is thousandths of a byte, which no container can live in; nothing at all may be set aside.
    if let memory = ranges["memory"], memory.limit < .mebibyte || !memory.request.isZero && memory.request < .mebibyte {
      return .refused("has less than 1Mi of memory: it takes amounts such as \(standardText)")
    }
    return .accepted(
      SidecarResources(
        cpu: ranges["cpu"] ?? defaultRange("5m", "50m"), memory: ranges["memory"] ?? defaultRange("8Mi", "32Mi")))
  }

  private static func range(_ text: String) -> Range? {
    let amounts = text.split(separator: "/", omittingEmptySubsequences: false).map { Quantity(String($0)) }
    guard let first = amounts.first, let request = first, amounts.count <= 2, let limit = amounts[amounts.count - 1],
      request <= limit, !limit.isZero
    else { return nil }
    return Range(request: request, limit: limit)
  }

  private static func defaultRange(_ request: String, _ limit: String) -> Range {
    guard let request = Quantity(request), let limit = Quantity(limit) else {
      preconditionFailure("the standard resources do not parse")
    }
    return Range(request: request, limit: limit)
  }
}
