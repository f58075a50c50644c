import JSON
public import KubeClient
import Kubernetes

/// One thing that an API server does in a defined way, and that the product relies on.
public struct SemanticsCase: Sendable, CustomStringConvertible {
  /// The behaviour, as a sentence.
  public let description: String
  /// Whether it takes the controllers that a bare API server lacks.
  public let needsControllers: Bool
  let body: @Sendable (SemanticsContext) async throws -> Void

  init(
    _ description: String, needsControllers: Bool = false,
    _ body: @escaping @Sendable (SemanticsContext) async throws -> Void
  ) {
    self.description = description
    self.needsControllers = needsControllers
    self.body = body
  }

  /// Every behaviour.
  public static let all: [SemanticsCase] =
    objects + patches + apply + lists + watches + deletion + subresources + customResources

  /// Checks the behaviour in a namespace of its own.
  ///
  /// - Throws: ``SemanticsFailure`` where the server behaves otherwise.
  public func check(_ server: TestServer) async throws {
    let client = KubeClient(server.configuration)
    defer { client.shutDown() }
    let namespace = "case-\(UInt64.random(in: 0..<1 << 40))"
    try await client.create(.namespaces, namespace: "", ["metadata": ["name": .string(namespace)]])
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(SemanticsContext(client: client, namespace: namespace, server: server)))
    } catch {
      result = .failure(error)
    }
    try? await client.delete(.namespaces, NamespacedName("", namespace))
    try result.get()
  }
}

/// What a case works with.
public struct SemanticsContext: Sendable {
  /// A client with all rights.
  public let client: KubeClient
  /// A namespace that nobody else uses.
  public let namespace: String
  /// The server.
  public let server: TestServer

  func key(_ name: String) -> NamespacedName { NamespacedName(namespace, name) }

  /// A config map.
  func configMap(_ name: String, _ data: [String: String] = [:], labels: [String: String] = [:]) -> JSONValue {
    ["metadata": ["name": .string(name), "labels": JSONValue(labels)], "data": JSONValue(data)]
  }

  /// Creates a config map.
  @discardableResult
  func createConfigMap(
    _ name: String, _ data: [String: String] = [:], labels: [String: String] = [:]
  ) async throws -> KubernetesObject {
    try await client.create(.configMaps, namespace: namespace, configMap(name, data, labels: labels))
  }

  /// Waits until the condition holds, asking again and again; a minute is only ever reached by a failing server.
  func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      if try await condition() { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw SemanticsFailure("not within a minute: \(what)")
  }

  /// Whether the object is gone.
  func isGone(_ resource: Resource, _ key: NamespacedName) async throws -> Bool {
    do throws(KubernetesError) {
      _ = try await client.get(resource, key)
      return false
    } catch {
      guard error.code == .notFound else { throw error }
      return true
    }
  }
}

/// A server did not behave as it should.
public struct SemanticsFailure: Error, CustomStringConvertible {
  /// What was expected and what came.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Demands that two values are the same.
func expect<Value: Equatable>(
  _ value: Value, is expected: Value, _ what: String, file: String = #fileID, line: Int = #line
) throws {
  guard value == expected else {
    throw SemanticsFailure("\(file):\(line): \(what): got \(value), expected \(expected)")
  }
}

/// Demands that a condition holds.
func expect(_ condition: Bool, _ what: String, file: String = #fileID, line: Int = #line) throws {
  guard condition else { throw SemanticsFailure("\(file):\(line): \(what)") }
}

/// Demands that a call fails with a code.
@discardableResult
func expectFailure(
  _ code: KubernetesError.Code, _ what: String, file: String = #fileID, line: Int = #line,
  _ call: () async throws(KubernetesError) -> Void
) async throws -> KubernetesError {
  do throws(KubernetesError) {
    try await call()
  } catch {
    try expect(error.code, is: code, "\(what) (\(error))", file: file, line: line)
    return error
  }
  throw SemanticsFailure("\(file):\(line): \(what): no failure, expected \(code)")
}
