import JSON
import Kubernetes
import Synchronization
import Telemetry

/// Makes the credentials of each request, and renews those that end.
final class CredentialSource: Sendable {
  /// What a request carries.
  struct Current: Sendable, Equatable {
    /// Whole header lines.
    var headers: [String] = []
    var identity: ClientIdentity?
  }

  private struct Cached {
    let current: Current
    /// When it is made anew; nil: never.
    let freshUntil: ContinuousClock.Instant?
  }

  /// How long a token file is believed without reading it: the kubelet renews tokens when a fifth of their life, at least two minutes,
  /// is left.
  static let tokenFileLife = Duration.seconds(60)
  /// How long before its end a program's credential is renewed.
  static let margin = Duration.seconds(10)

  private let credentials: Credentials
  private let environment: [String: String]
  private let cached = Mutex<Cached?>(nil)
  private let renewal = SingleFlight<Result<Current, ConfigurationError>>()

  init(_ credentials: Credentials, environment: [String: String]) {
    self.credentials = credentials
    self.environment = environment
  }

  /// What a request carries now.
  ///
  /// - Throws: ``KubernetesError`` `.unauthorized` where credentials cannot be had.
  func current() async throws(KubernetesError) -> Current {
    let now = ContinuousClock.now
    let known = cached.withLock { cached in
      cached.flatMap { $0.freshUntil.map { now < $0 } ?? true ? $0.current : nil }
    }
    if let known { return known }
    let made = await renewal.run { await self.make() }
    do {
      return try made.get()
    } catch {
      throw KubernetesError(.unauthorized, message: error.description)
    }
  }

  /// Forgets what the server refused with 401; answers whether the next ``current()`` may differ.
  func invalidate(_ refused: Current) -> Bool {
    switch credentials.authorization {
    case .none, .token, .basic: return false
    case .tokenFile, .exec:
      cached.withLock { if $0?.current == refused { $0 = nil } }
      return true
    }
  }

  private func make() async -> Result<Current, ConfigurationError> {
    do throws(ConfigurationError) {
      var current = Current(headers: impersonation, identity: credentials.identity)
      var freshUntil: ContinuousClock.Instant?
      switch credentials.authorization {
      case .none: break
      case .token(let token): current.headers.append("Authorization: Bearer \(try Self.checked(token))")
      case .basic(let user, let password):
        current.headers.append("Authorization: Basic \(Base64.encode(Array("\(user):\(password)".utf8)))")
      case .tokenFile(let path):
        // A short read from memory, as projected volumes are; no reason for a thread.
        current.headers.append("Authorization: Bearer \(try Self.checked(try SmallFile.text(path)))")
        freshUntil = ContinuousClock.now + Self.tokenFileLife
      case .exec(let command):
        let output = try await ExecRunner(command: command, environment: environment).run()
        let answer = try ExecCredential(output, command: command.command, now: .now())
        if let token = answer.token { current.headers.append("Authorization: Bearer \(try Self.checked(token))") }
        current.identity = answer.identity ?? current.identity
        freshUntil = answer.life.map { ContinuousClock.now + $0 - Self.margin }
      }
      let made = Cached(current: current, freshUntil: freshUntil)
      cached.withLock { $0 = made }
      return .success(current)
    } catch {
      return .failure(error)
    }
  }

  private var impersonation: [String] {
    guard let other = credentials.impersonation else { return [] }
    return ["Impersonate-User: \(other.user)"] + other.groups.map { "Impersonate-Group: \($0)" }
  }

  /// A token without line breaks, which would end the header and begin another one.
  private static func checked(_ token: String) throws(ConfigurationError) -> String {
    guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw ConfigurationError(.malformed, "the token is empty or has characters that no header can carry")
    }
    return token
  }
}
