/// Who may know whom: the one table of the project's layers.
///
/// What is not listed is refused, so a new arrow is a decision that shows in a change of this file.
enum Architecture {
  /// Modules that every target may import.
  static let everywhere: Set<String> = ["Swift", "Synchronization", "Glibc"]

  static let arrows: [String: Set<String>] = [
    "JSON": [],
    "Telemetry": ["Logging"],
    "EventLoop": ["CLinux"],
    "TLS": ["COpenSSL"],
    "HTTPServer": ["TLS", "EventLoop"],
    "Kubernetes": ["JSON"],
    "KubeClient": ["Kubernetes", "JSON", "Telemetry", "CCurl", "Logging"],
    // The generated code has bytes as Foundation has them.
    "Tracing": ["KubeClient", "Telemetry", "SwiftProtobuf", "Logging", "Foundation", "FoundationEssentials"],
    "Admission": ["JSON", "Telemetry"],
    "NetworkPlugins": ["Kubernetes", "JSON"],
    "HotReload": ["Kubernetes", "JSON", "EventLoop"],
    "HotReloadAgent": ["HotReload"],
    "GameAdmission": ["Admission", "Kubernetes", "NetworkPlugins", "HotReload", "JSON", "Telemetry"],
    "Controllers": ["Kubernetes", "NetworkPlugins", "HotReload", "TLS", "Telemetry", "JSON", "Logging"],
    "Scaler": ["HTTPServer", "EventLoop", "Kubernetes", "Telemetry", "CNGHTTP2", "SwiftProtobuf"],
    "SimulatedCluster": ["HTTPServer", "Kubernetes", "KubeClient", "JSON"],
    "Gatehouse": libraries.union(["Logging", "ArgumentParser", "Yams", "TOMLKit"]),
    "Benchmarks": libraries.union(["ArgumentParser", "CAllocations"]),
  ]

  private static let libraries: Set<String> = [
    "JSON", "Telemetry", "EventLoop", "TLS", "HTTPServer", "Kubernetes", "KubeClient", "Admission", "NetworkPlugins",
    "HotReload", "GameAdmission", "Controllers", "Scaler", "SimulatedCluster", "Tracing",
  ]

  /// Modules of C, each for exactly one target.
  static let shims = [
    "CLinux": "EventLoop", "COpenSSL": "TLS", "CCurl": "KubeClient", "CNGHTTP2": "Scaler", "CAllocations": "Benchmarks",
  ]

  /// Arrows that hold for one folder of a target only.
  static let folders = [Folder(target: "HotReload", module: "EventLoop", path: "Sources/HotReload/Agent/")]

  struct Folder {
    let target: String
    let module: String
    let path: String
  }

  /// Packages that the manifest may name.
  static let packages: Set<String> = [
    "https://github.com/apple/swift-argument-parser", "https://github.com/apple/swift-log",
    "https://github.com/apple/swift-protobuf", "https://github.com/jpsim/Yams", "https://github.com/LebJe/TOMLKit",
  ]

  /// What may stand at the root of the repository.
  static let topLevel: Set<String> = [
    "Package.swift", "Sources", "Tests", "deploy", "certs", "README.md", "LICENSE", ".ci", ".swift-format",
    ".gitignore",
  ]
}
