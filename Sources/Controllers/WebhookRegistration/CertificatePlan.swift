public import TLS

/// What has to be done with the certificates now; the clock and the certificates decide, nothing else.
///
/// A new authority comes in three steps, so that at no moment a server shows a certificate that the API server does not trust: first the
/// bundle holds both authorities, then the serving pair comes from the new one, then the old one leaves the bundle.
public enum CertificateStep: Sendable, Equatable {
  /// All is well until then.
  case keep(until: UnixTime)
  /// Put a new authority beside the old one.
  case introduceAuthority
  /// Sign a new serving pair.
  case reissueServing
  /// Take the old authority out of the bundle.
  case dropPreviousAuthority
}

/// How long the certificates live and how their change is paced.
public struct CertificatePolicy: Sendable {
  /// The names that the serving certificate covers.
  public var names: [AlternativeName]
  /// How long an authority lives.
  public var authorityLife: Duration
  /// How long a serving certificate lives.
  public var servingLife: Duration
  /// How long both authorities are in the bundle before the new one signs: until every API server has seen the bundle.
  public var settling: Duration

  /// The defaults: ten years and one year, as nobody has to look at them, and five minutes.
  public init(
    names: [AlternativeName], authorityLife: Duration = .seconds(3650 * 86_400),
    servingLife: Duration = .seconds(365 * 86_400),
    settling: Duration = .seconds(300)
  ) {
    self.names = names
    self.authorityLife = authorityLife
    self.servingLife = servingLife
    self.settling = settling
  }

  /// The step that is due.
  public func step(_ certificates: WebhookCertificates, now: UnixTime) -> CertificateStep {
    let isSignedByAuthority = certificates.isServingSignedByAuthority
    if certificates.previousAuthority != nil {
      let settled = (certificates.bundledSince ?? now) + settling
      if !isSignedByAuthority { return now >= settled ? .reissueServing : .keep(until: settled) }
      // The same time again lets every replica show the new pair before the old authority loses its trust.
      let done = settled + settling
      return now >= done ? .dropPreviousAuthority : .keep(until: done)
    }
    let authorityDue = renewal(certificates.authority.certificate)
    if now >= authorityDue { return .introduceAuthority }
    let servingDue = renewal(certificates.serving.certificate)
    if now >= servingDue || !isSignedByAuthority || !covers(certificates.serving.certificate) { return .reissueServing }
    return .keep(until: min(authorityDue, servingDue))
  }

  /// Certificates from nothing.
  public func make(now: UnixTime) throws(TLSError) -> WebhookCertificates {
    let authority = try newAuthority(now)
    return WebhookCertificates(authority: authority, serving: try newServing(authority, now))
  }

  /// The certificates after a step.
  public func apply(
    _ step: CertificateStep, to old: WebhookCertificates, now: UnixTime
  ) throws(TLSError) -> WebhookCertificates {
    switch step {
    case .keep: old
    case .introduceAuthority:
      WebhookCertificates(
        authority: try newAuthority(now), serving: old.serving, previousAuthority: old.authority.certificate,
        bundledSince: now)
    case .reissueServing:
      WebhookCertificates(
        authority: old.authority, serving: try newServing(old.authority, now), previousAuthority: old.previousAuthority,
        bundledSince: old.bundledSince)
    case .dropPreviousAuthority: WebhookCertificates(authority: old.authority, serving: old.serving)
    }
  }

  /// Two thirds of a certificate's life.
  private func renewal(_ certificate: Certificate) -> UnixTime {
    let life = certificate.notAfter.seconds - certificate.notBefore.seconds
    return UnixTime(seconds: certificate.notBefore.seconds + life / 3 * 2)
  }

  private func covers(_ certificate: Certificate) -> Bool {
    let covered = Set(certificate.names)
    return names.allSatisfy(covered.contains)
  }

  private func newAuthority(_ now: UnixTime) throws(TLSError) -> Identity {
    try Identity.makeAuthority(commonName: "gatehouse-webhook-ca", validity: authorityLife, now: now)
  }

  private func newServing(_ authority: Identity, _ now: UnixTime) throws(TLSError) -> Identity {
    try authority.issueServing(commonName: "gatehouse-webhook", names: names, validity: servingLife, now: now)
  }
}

extension WebhookCertificates {
  /// Whether the serving pair comes from the authority that signs now.
  fileprivate var isServingSignedByAuthority: Bool {
    do {
      try serving.certificate.verify(trusting: [authority.certificate], at: serving.certificate.notBefore)
      return true
    } catch {
      return false
    }
  }
}
