/// The rules for names in the Kubernetes API, each answering nil or what is accepted, in the words of Kubernetes' own messages.
///
/// Source: `k8s.io/apimachinery/pkg/util/validation`.
public enum NameSyntax {
  /// A DNS label (RFC 1123), such as the name of a container.
  public static func dnsLabelProblem(_ text: String) -> String? {
    if text.utf8.count > 63 { return "must be no more than 63 characters" }
    guard isFramed(text.utf8[...], by: isLowerAlphanumeric, inside: { isLowerAlphanumeric($0) || $0 == dash }) else {
      return
        "must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
    }
    return nil
  }

  /// A DNS subdomain (RFC 1123), such as the name of a ConfigMap.
  public static func dnsSubdomainProblem(_ text: String) -> String? {
    if text.utf8.count > 253 { return "must be no more than 253 characters" }
    let labels = text.utf8.split(separator: dot, omittingEmptySubsequences: false)
    guard labels.allSatisfy({ isFramed($0, by: isLowerAlphanumeric) { isLowerAlphanumeric($0) || $0 == dash } }) else {
      return
        "must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric "
        + "character"
    }
    return nil
  }

  /// The value of a label; an empty one is valid.
  public static func labelValueProblem(_ text: String) -> String? {
    if text.utf8.count > 63 { return "must be no more than 63 characters" }
    guard text.isEmpty || isName(text.utf8[...]) else {
      return "must be empty or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        + "alphanumeric character"
    }
    return nil
  }

  /// The key of a label or annotation: a name, with an optional DNS subdomain and a slash before it.
  public static func qualifiedNameProblem(_ text: String) -> String? {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.last else {
      return "must be a name with an optional DNS subdomain prefix and '/', such as 'example.com/MyName'"
    }
    if parts.count == 2, dnsSubdomainProblem(String(parts[0]) ?? "") != nil {
      return "prefix must be a DNS subdomain, such as 'example.com'"
    }
    if name.count > 63 { return "name must be no more than 63 characters" }
    guard isName(name) else {
      return
        "name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
        + "character"
    }
    return nil
  }

  /// The name of a resource that a container may ask for: one of Kubernetes' own, or one with a domain.
  public static func containerResourceProblem(_ text: String) -> String? {
    if let problem = qualifiedNameProblem(text) { return problem }
    guard text.utf8.contains(UInt8(ascii: "/")) else {
      let isStandard = ["cpu", "memory", "ephemeral-storage"].contains(text) || text.hasPrefix("hugepages-")
      return isStandard
        ? nil
        : "must be cpu, memory, ephemeral-storage, hugepages-SIZE or like example.com/gpu"
    }
    // Kubernetes puts the prefix `requests.` before such a name in quotas.
    guard text.contains("kubernetes.io/") || !text.hasPrefix("requests.") else {
      return "must not start with 'requests.'"
    }
    return nil
  }

  private static let dash = UInt8(ascii: "-"), dot = UInt8(ascii: ".")

  private static func isName(_ text: Substring.UTF8View) -> Bool {
    isFramed(text, by: isAlphanumeric) { isAlphanumeric($0) || $0 == dash || $0 == dot || $0 == UInt8(ascii: "_") }
  }

  private static func isFramed(
    _ text: Substring.UTF8View, by frame: (UInt8) -> Bool, inside: (UInt8) -> Bool
  ) -> Bool {
    guard let first = text.first, let last = text.last else { return false }
    return frame(first) && frame(last) && text.allSatisfy(inside)
  }

  private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLowerAlphanumeric(byte) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
  }
}
