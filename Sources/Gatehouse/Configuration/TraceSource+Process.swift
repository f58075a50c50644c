import Glibc
import Telemetry
import Tracing

extension TraceSource {
  /// This process, as the variables of OpenKruiseGame's manager name it.
  static func ofProcess(_ environment: [String: String]) -> TraceSource {
    let name = "okg-controller-manager"
    let namespace = environment.firstValue("OKG_NAMESPACE", "POD_NAMESPACE")
    let pod = environment.firstValue("OKG_POD_NAME", "POD_NAME", "HOSTNAME")
    let texts = [
      "service.name": environment.firstValue("OKG_SERVICE_NAME", "SERVICE_NAME") ?? name,
      "service.version": environment.firstValue("OKG_SERVICE_VERSION", "SERVICE_VERSION", "OKG_VERSION")
        ?? Gatehouse.version,
      "service.instance.id": environment.firstValue("OKG_SERVICE_INSTANCE_ID", "POD_UID") ?? pod,
      "service.namespace": namespace, "k8s.namespace.name": namespace, "k8s.pod.name": pod, "host.name": hostName,
      "os.type": "linux", "process.executable.name": "gatehouse", "process.runtime.name": "swift",
      "telemetry.sdk.language": "swift", "telemetry.sdk.name": "gatehouse", "telemetry.sdk.version": Gatehouse.version,
    ]
    var resource = texts.compactMapValues { $0.map(FinishedSpan.Value.string) }
    resource["process.pid"] = .int(Int64(getpid()))
    return TraceSource(resource: resource, tracer: name, version: Gatehouse.version)
  }

  private static var hostName: String? {
    // HOST_NAME_MAX is 64 on Linux, the terminator not counted.
    var name = [CChar](repeating: 0, count: 65)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return nil }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
