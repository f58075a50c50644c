import Controllers
import JSON
import KubeClient
import Kubernetes

/// The version of an API server.
struct ServerVersion: Sendable, Equatable, Comparable, CustomStringConvertible {
  /// The first number.
  let major: Int
  /// The second number.
  let minor: Int

  /// The first version that keeps init containers running beside the others without being asked (KEP-753).
  static let nativeSidecars = ServerVersion(major: 1, minor: 29)

  init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads the answer of `/version`; providers write things such as `29+` behind the number.
  init?(_ body: [UInt8]) {
    func number(_ text: String?) -> Int? { text.flatMap { Int($0.prefix { $0.isASCII && $0.isNumber }) } }
    guard let json = try? JSONDocument(body).root, let major = number(json["major"]?.string),
      let minor = number(json["minor"]?.string)
    else { return nil }
    self.init(major: major, minor: minor)
  }

  static func < (left: ServerVersion, right: ServerVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }

  var description: String { "\(major).\(minor)" }

  /// Asks a server.
  static func read(_ client: KubeClient) async throws(KubernetesError) -> ServerVersion {
    guard let version = ServerVersion(try await client.read(path: "/version")) else {
      throw KubernetesError(.malformedAnswer, message: "/version names no major and minor number")
    }
    return version
  }
}

extension WorkloadFeatures {
  /// What the schema of an Advanced StatefulSet's definition allows.
  ///
  /// - Parameter definition: the CustomResourceDefinition; one without a schema for `reserveOrdinals`, or none at all, gets what every
  ///   version takes.
  init(definition: JSONView?) {
    let versions = definition?["spec"]?["versions"].map { Array($0.elements) } ?? []
    let version = versions.first { $0["name"]?.isString(Resource.advancedStatefulSets.version) == true }
    let spec = version?["schema"]?["openAPIV3Schema"]?["properties"]?["spec"]
    let items = spec?["properties"]?["reserveOrdinals"]?["items"]
    self.init(acceptsOrdinalRanges: items?["x-kubernetes-int-or-string"]?.bool ?? false)
  }

  /// Asks a cluster; one without OpenKruise gets what every version takes.
  static func read(_ client: any ClusterClient) async throws(KubernetesError) -> WorkloadFeatures {
    let resource = Resource.advancedStatefulSets
    do throws(KubernetesError) {
      let name = NamespacedName("", "\(resource.plural).\(resource.group)")
      return WorkloadFeatures(definition: try await client.get(.customResourceDefinitions, name).json)
    } catch  where error.code == .notFound {
      return WorkloadFeatures(definition: nil)
    }
  }
}
