/// A group of plugins that is enabled as one.
public enum NetworkProvider: String, Sendable, Hashable, CaseIterable {
  case kubernetes = "Kubernetes"
  case alibabaCloud = "AlibabaCloud"
  /// The compatibility target really writes this name with one `s` too many; only logs show it.
  case amazonWebServices = "AmazonsWebServices"
  case volcengine = "Volcengine"
  case tencentCloud = "TencentCloud"
  case hwCloud = "HwCloud"
  case jdCloud = "Jdcloud"

  /// The name of the section in the TOML configuration.
  public var section: String {
    switch self {
    case .kubernetes: "kubernetes"
    case .alibabaCloud: "alibabacloud"
    case .amazonWebServices: "aws"
    case .volcengine: "volcengine"
    case .tencentCloud: "tencentcloud"
    case .hwCloud: "hwcloud"
    case .jdCloud: "jdcloud"
    }
  }
}
