public import JSON
public import Kubernetes
public import TLS

/// The authority and the serving pair that all replicas share, as they stand in one Secret.
public struct WebhookCertificates: Sendable {
  /// The name of the Secret.
  public static let secretName = "kruise-game-webhook-certs"
  /// When the bundle began to hold a new authority besides the old one (RFC 3339).
  static let bundledAnnotation = "game.kruise.io/authority-bundled-at"

  /// The authority that signs.
  public let authority: Identity
  /// The pair that servers show.
  public let serving: Identity
  /// The authority before, while certificates that it signed may still be shown.
  public let previousAuthority: Certificate?
  /// Since when the bundle holds both.
  public let bundledSince: UnixTime?

  init(authority: Identity, serving: Identity, previousAuthority: Certificate? = nil, bundledSince: UnixTime? = nil) {
    self.authority = authority
    self.serving = serving
    self.previousAuthority = previousAuthority
    self.bundledSince = bundledSince
  }

  /// What the API server should trust, PEM: the authority, and while it changes the one before.
  public var bundle: [UInt8] {
    get throws(TLSError) { try authority.certificate.pem() + (try previousAuthority?.pem() ?? []) }
  }

  /// Reads the Secret.
  ///
  /// - Throws: ``TLSError`` where a part is missing, malformed or does not fit the others.
  public init(secret: KubernetesObject) throws(TLSError) {
    func part(_ name: String) throws(TLSError) -> [UInt8] {
      guard let text = secret.json["data"]?[name]?.string, let bytes = Base64.decode(text), !bytes.isEmpty else {
        throw TLSError(code: .malformedCertificate, reason: "the Secret \(secret.key) has no \(name)")
      }
      return bytes
    }
    authority = try Identity(certificatePEM: part("ca.crt"), keyPEM: part("ca.key"))
    serving = try Identity(certificatePEM: part("tls.crt"), keyPEM: part("tls.key"))
    let hasPrevious = secret.json["data"]?["ca-previous.crt"] != nil
    previousAuthority = hasPrevious ? try Certificate.all(pem: part("ca-previous.crt")).first : nil
    bundledSince = secret.metadata.annotations[Self.bundledAnnotation].flatMap(Timestamp.init)
      .map { UnixTime(seconds: Int64($0.seconds)) }
  }

  /// The Secret that holds all this.
  ///
  /// - Parameter resourceVersion: The version that the write replaces; nil for a new Secret.
  public func secret(_ key: NamespacedName, resourceVersion: String?) throws(TLSError) -> JSONValue {
    var data: JSONValue = [
      "ca.crt": .string(Base64.encode(try authority.certificatePEM())),
      "ca.key": .string(Base64.encode(try authority.keyPEM())),
      "tls.crt": .string(Base64.encode(try serving.certificatePEM())),
      "tls.key": .string(Base64.encode(try serving.keyPEM())),
    ]
    if let previousAuthority { data["ca-previous.crt"] = .string(Base64.encode(try previousAuthority.pem())) }
    var metadata: JSONValue = ["name": .string(key.name), "namespace": .string(key.namespace)]
    if let resourceVersion { metadata["resourceVersion"] = .string(resourceVersion) }
    if let bundledSince {
      let time = Timestamp(seconds: Int(bundledSince.seconds)).description
      metadata["annotations"] = [Self.bundledAnnotation: .string(time)]
    }
    return ["apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "data": data]
  }
}
