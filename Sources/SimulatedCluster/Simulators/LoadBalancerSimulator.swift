import JSON
public import Kubernetes
import Synchronization

/// How a cloud answers a Service or an Ingress that asks for an address.
public enum LoadBalancerAnswer: Sendable, Hashable {
  /// An address after so long.
  case after(Duration)
  /// Never an address: a quota is used up, or the cloud does not know the class.
  case refusal
}

/// What load balancers do where a script does not say otherwise.
public struct LoadBalancerPlan: Sendable {
  /// The usual answer.
  public var usual = LoadBalancerAnswer.after(.seconds(2))

  /// Every Service gets its address after two seconds.
  public init() {}
}

/// Plays the controllers that give Services of type `LoadBalancer` and Ingresses their addresses.
public final class LoadBalancerSimulator: SimulatedController {
  /// The name in logs.
  public let name = "load-balancers"
  /// What the simulator reads.
  public static let resources: [Resource] = [.services, .ingresses]

  private struct State {
    var script: [ObjectPlace: LoadBalancerAnswer] = [:]
    /// When each object first asked.
    var asked: [ObjectPlace: Timestamp] = [:]
    var addresses: [ObjectPlace: Int] = [:]
    var next = 1
  }

  private let client: any ClusterClient
  private let cluster: ObjectStore
  private let plan: LoadBalancerPlan
  private let services = KeyTimers()
  private let ingresses = KeyTimers()
  private let state = Mutex(State())

  /// A simulator that reads from a store and writes through a client.
  public init(client: any ClusterClient, cluster: ObjectStore, plan: LoadBalancerPlan = LoadBalancerPlan()) {
    self.client = client
    self.cluster = cluster
    self.plan = plan
    cluster.observe(.services) { [services] old, new in (new ?? old).map { services.mark($0.key) } }
    cluster.observe(.ingresses) { [ingresses] old, new in (new ?? old).map { ingresses.mark($0.key) } }
  }

  /// Says how the cloud answers one Service or Ingress from now on.
  public func script(_ resource: Resource, _ key: NamespacedName, _ answer: LoadBalancerAnswer) {
    state.withLock { $0.script[ObjectPlace(resource: resource, key: key)] = answer }
    (resource == .services ? services : ingresses).mark(key)
  }

  /// The next moment at which an address is ready.
  public var nextDue: Timestamp? { [services.next, ingresses.next].compactMap(\.self).min() }

  /// Looks at every Service and Ingress that changed or whose address is ready.
  public func step(now: Timestamp) async -> Bool {
    var isChanged = false
    for (resource, keys) in [(Resource.services, services), (.ingresses, ingresses)] {
      for key in keys.take(now: now) {
        let place = ObjectPlace(resource: resource, key: key)
        do throws(KubernetesError) {
          if try await look(at: place, now, keys) { isChanged = true }
        } catch {
          if error.code != .notFound { keys.mark(key, at: now + .seconds(1)) }
        }
      }
    }
    return isChanged
  }

  private func look(at place: ObjectPlace, _ now: Timestamp, _ keys: KeyTimers) async throws(KubernetesError) -> Bool {
    guard let object = cluster.object(place.resource, place.key), !object.metadata.isBeingDeleted,
      place.resource == .ingresses || object.json["spec"]?["type"]?.isString("LoadBalancer") == true
    else { return try await release(place) }
    let isServed = object.json["status"]?["loadBalancer"]?["ingress"]?.isEmpty == false
    guard !isServed else { return false }
    let due = state.withLock { state -> Timestamp? in
      let asked = state.asked[place] ?? now
      state.asked[place] = asked
      guard case .after(let delay) = state.script[place] ?? plan.usual else { return nil }
      return asked + delay
    }
    guard let due else { return false }
    guard now >= due else {
      keys.mark(place.key, at: due)
      return false
    }
    let address = object.json["spec"]?["loadBalancerIP"]?.string ?? self.address(place)
    // Load balancers with a class are network load balancers, which have a name and no fixed address.
    let isNamed = object.json["spec"]?["loadBalancerClass"] != nil
    let host = "lb-\(address.split(separator: ".").joined(separator: "-")).cloud.example"
    try await report(place, [isNamed ? ["hostname": .string(host)] : ["ip": .string(address)]])
    return true
  }

  /// Takes the address back from what does not ask for one any more.
  private func release(_ place: ObjectPlace) async throws(KubernetesError) -> Bool {
    state.withLock { state in
      state.asked[place] = nil
      state.addresses[place] = nil
    }
    guard let object = cluster.object(place.resource, place.key), !object.metadata.isBeingDeleted,
      object.json["status"]?["loadBalancer"]?["ingress"]?.isEmpty == false
    else { return false }
    try await report(place, nil)
    return true
  }

  private func report(_ place: ObjectPlace, _ ingress: JSONValue?) async throws(KubernetesError) {
    try await client.patch(
      place.resource, place.key, subresource: "status",
      .merge(["status": ["loadBalancer": ["ingress": ingress ?? .null]]]))
  }

  /// An address of the range for benchmarks (RFC 2544), which no network routes.
  private func address(_ place: ObjectPlace) -> String {
    let number = state.withLock { state -> Int in
      if let known = state.addresses[place] { return known }
      defer { state.next += 1 }
      state.addresses[place] = state.next
      return state.next
    }
    return "198.\(18 + (number >> 16 & 1)).\(number >> 8 & 255).\(number & 255)"
  }
}
