/// What the file `--provider-config` says: which providers are enabled, and the ports that they may give.
///
/// Everything that the file leaves out is zero, false or empty; there are no built-in defaults. The property names are the keys of
/// the file in Swift's spelling.
public struct ProviderConfiguration: Sendable, Hashable {
  /// The section `[kubernetes]`.
  public struct KubernetesOptions: Sendable, Hashable {
    /// Key `enable`.
    public var enable = false
    /// Section `[kubernetes.hostPort]`; `block_ports` is an addition of this product.
    public var hostPort = PortRange()
    /// Nothing enabled.
    public init() {}
  }

  /// The section `[alibabacloud]`.
  public struct AlibabaCloudOptions: Sendable, Hashable {
    /// Key `enable`.
    public var enable = false
    /// Section `[alibabacloud.slb]`.
    public var slb = PortRange()
    /// Section `[alibabacloud.nlb]`.
    public var nlb = PortRange()
    /// Nothing enabled.
    public init() {}
  }

  /// The section `[hwcloud]`.
  public struct HwCloudOptions: Sendable, Hashable {
    /// Key `enable`.
    public var enable = false
    /// Section `[hwcloud.elb]`.
    public var elb = PortRange()
    /// Section `[hwcloud.cce.elb]`.
    public var cceELB = PortRange()
    /// Nothing enabled.
    public init() {}
  }

  /// A section with one range of ports: `[volcengine]`, `[aws]`, `[jdcloud]`, `[tencentcloud]`.
  public struct SingleRangeOptions: Sendable, Hashable {
    /// Key `enable`.
    public var enable = false
    /// The one subsection: `clb` or `nlb`.
    public var ports = PortRange()
    /// Nothing enabled.
    public init() {}
    init(enable: Bool, _ ports: PortRange) {
      self.enable = enable
      self.ports = ports
    }
  }

  /// The section `[kubernetes]`.
  public var kubernetes = KubernetesOptions()
  /// The section `[alibabacloud]`.
  public var alibabaCloud = AlibabaCloudOptions()
  /// The section `[hwcloud]`.
  public var hwCloud = HwCloudOptions()
  /// The section `[volcengine]`, whose range is `[volcengine.clb]`.
  public var volcengine = SingleRangeOptions()
  /// The section `[aws]`, whose range is `[aws.nlb]`.
  public var aws = SingleRangeOptions()
  /// The section `[jdcloud]`, whose range is `[jdcloud.nlb]`.
  public var jdCloud = SingleRangeOptions()
  /// The section `[tencentcloud]`, whose range `[tencentcloud.clb]` is read and has no effect.
  public var tencentCloud = SingleRangeOptions()

  /// A configuration that enables nothing.
  public init() {}

  /// The configuration that the compatibility target ships.
  public static let shipped: ProviderConfiguration = {
    var shipped = ProviderConfiguration()
    shipped.kubernetes.enable = true
    shipped.kubernetes.hostPort = PortRange(8000, 9000)
    shipped.alibabaCloud.enable = true
    shipped.alibabaCloud.slb = PortRange(500, 700, blocking: [593])
    shipped.alibabaCloud.nlb = PortRange(1000, 1502, blocking: [1025, 1434, 1068])
    shipped.hwCloud.enable = true
    shipped.hwCloud.elb = PortRange(500, 700)
    shipped.hwCloud.cceELB = PortRange(32768, 65535)
    shipped.volcengine = SingleRangeOptions(enable: true, PortRange(550, 600, blocking: [593]))
    shipped.aws = SingleRangeOptions(enable: false, PortRange(30001, 30050))
    shipped.jdCloud = SingleRangeOptions(enable: false, PortRange(500, 700))
    shipped.tencentCloud = SingleRangeOptions(enable: true, PortRange(700, 750))
    return shipped
  }()

  /// Whether a provider is enabled.
  public func isEnabled(_ provider: NetworkProvider) -> Bool {
    switch provider {
    case .kubernetes: kubernetes.enable
    case .alibabaCloud: alibabaCloud.enable
    case .amazonWebServices: aws.enable
    case .volcengine: volcengine.enable
    case .tencentCloud: tencentCloud.enable
    case .hwCloud: hwCloud.enable
    case .jdCloud: jdCloud.enable
    }
  }
}
