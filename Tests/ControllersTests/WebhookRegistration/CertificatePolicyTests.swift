import TLS
import Testing

@testable import Controllers

@Suite("The life of the webhook certificates")
struct CertificatePolicyTests {
  private let start = UnixTime(seconds: 1_800_000_000)
  private let day = Duration.seconds(86_400)

  private func policy() throws -> CertificatePolicy {
    CertificatePolicy(
      names: [try AlternativeName("gatehouse.game.svc")], authorityLife: day * 300, servingLife: day * 30,
      settling: .seconds(300))
  }

  @Test("keeps a new pair until two thirds of its life")
  func keeps() throws {
    let policy = try policy()
    let made = try policy.make(now: start)
    guard case .keep(let until) = policy.step(made, now: start) else {
      Issue.record("a new pair needs a step")
      return
    }
    #expect(until > start + day * 19)
    #expect(until < start + day * 21)
    #expect(policy.step(made, now: until) == .reissueServing)
  }

  @Test("reissues a pair that lacks a name")
  func names() throws {
    let made = try policy().make(now: start)
    let other = CertificatePolicy(names: [try AlternativeName("other.game.svc")])
    #expect(other.step(made, now: start) == .reissueServing)
  }

  @Test("changes the authority so that what is served is trusted at every moment")
  func rotates() throws {
    let policy = try policy()
    var certificates = try policy.make(now: start)
    var now = start + day * 201
    certificates = try policy.apply(.reissueServing, to: certificates, now: now)
    var steps: [CertificateStep] = []
    for _ in 0..<10 {
      let step = policy.step(certificates, now: now)
      if case .keep(let until) = step {
        if certificates.previousAuthority == nil, !steps.isEmpty { break }
        now = until
        continue
      }
      steps.append(step)
      let trusted = try Certificate.all(pem: certificates.bundle)
      certificates = try policy.apply(step, to: certificates, now: now)
      // Whoever has the bundle of before the step, or of after it, accepts the pair of after it: the two spread at different speeds.
      let bundles = [trusted, try Certificate.all(pem: certificates.bundle)]
      for bundle in bundles { try certificates.serving.certificate.verify(trusting: bundle, at: now) }
    }
    #expect(steps == [.introduceAuthority, .reissueServing, .dropPreviousAuthority])
    #expect(certificates.previousAuthority == nil)
  }
}
