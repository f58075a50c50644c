/// Where the assets come from.
public enum AssetSource: Sendable, Hashable, CustomStringConvertible {
  /// The keys of a ConfigMap, which kubelet writes as files.
  case configMap(String)
  /// The keys of a Secret; their copies stay in memory.
  case secret(String)
  /// A directory inside an image.
  case image(String, path: String)

  /// The annotation's form.
  public var description: String {
    switch self {
    case .configMap(let name): "configmap:\(name)"
    case .secret(let name): "secret:\(name)"
    case .image(let reference, let path): "image:\(reference):\(path)"
    }
  }

  /// Parses the annotation `source`; an image gets the default path.
  static func check(_ text: String) -> Checked<AssetSource> {
    let accepted = "it takes configmap:NAME, secret:NAME or image:REF"
    guard let (kind, name) = text.splitOnce(":") else { return .refused("is not accepted: \(accepted)") }
    switch kind {
    case "configmap", "secret":
      guard KubernetesName.isSubdomain(name) else {
        return .refused("does not name an object (lower-case letters, digits, - and .): \(accepted)")
      }
      return .accepted(kind == "secret" ? .secret(name) : .configMap(name))
    case "image":
      switch ImageReference.check(name) {
      case .accepted(let reference): return .accepted(.image(reference, path: "/assets"))
      case .refused(let reason): return .refused(reason)
      }
    default: return .refused("is not accepted: \(accepted)")
    }
  }

  /// Parses the annotation `source-path`.
  static func checkPath(_ text: String) -> Checked<String> {
    switch MountPath.check(text) {
    case .accepted(let path): .accepted(path.path)
    case .refused(let reason): .refused(reason)
    }
  }

  /// Whether the agent runs inside the image that holds the assets.
  var isImage: Bool {
    if case .image = self { true } else { false }
  }

  /// The space for the last three revisions and the one that is being written.
  ///
  /// A ConfigMap or Secret holds at most 1 MiB, so four copies with room for rendered templates fit 16 MiB. Images of assets are as large as they are;
  /// 8 GiB keeps a mistake from filling a node, and `size-limit` raises it.
  var defaultSizeLimit: Quantity {
    isImage ? .gibibytes(8) : .mebibytes(16)
  }
}

extension String {
  /// The parts before and behind the first occurrence of an ASCII character.
  func splitOnce(_ separator: Unicode.Scalar) -> (String, String)? {
    guard let place = unicodeScalars.firstIndex(of: separator) else { return nil }
    return (String(unicodeScalars[..<place]), String(unicodeScalars[unicodeScalars.index(after: place)...]))
  }
}
