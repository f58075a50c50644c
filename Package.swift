// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is compiled with: the strictest settings that the toolchain has.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let toml: Target.Dependency = .product(name: "TOMLKit", package: "TOMLKit")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")

func library(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

func executable(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A test target; its fixtures are folders beside the tests, found by the path of the source file.
func tests(_ name: String, _ dependencies: [Target.Dependency], fixtures: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], exclude: fixtures, swiftSettings: strict)
}

let package = Package(
  name: "gatehouse",
  products: [
    .executable(name: "gatehouse", targets: ["Gatehouse"]),
    .executable(name: "hot-reload-agent", targets: ["HotReloadAgent"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: [
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CNGHTTP2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),

    library("JSON"),
    library("Telemetry", [logging]),
    library("EventLoop", ["CLinux"]),
    library("TLS", ["COpenSSL"]),
    library("HTTPServer", ["TLS", "EventLoop"]),
    library("Kubernetes", ["JSON"]),
    library("KubeClient", ["Kubernetes", "JSON", "Telemetry", "CCurl", logging]),
    library("Tracing", ["KubeClient", "Telemetry", protobuf, logging], exclude: ["Protos"]),
    library("Admission", ["JSON", "Telemetry"]),
    library("NetworkPlugins", ["Kubernetes", "JSON"]),
    library("HotReload", ["Kubernetes", "JSON", "EventLoop"]),
    executable("HotReloadAgent", ["HotReload"]),
    library("GameAdmission", ["Admission", "Kubernetes", "NetworkPlugins", "HotReload", "JSON", "Telemetry"]),
    library("Controllers", ["Kubernetes", "NetworkPlugins", "HotReload", "TLS", "Telemetry", "JSON", logging]),
    library(
      "Scaler", ["HTTPServer", "EventLoop", "Kubernetes", "Telemetry", "CNGHTTP2", protobuf], exclude: ["Protos"]),
    library("SimulatedCluster", ["HTTPServer", "Kubernetes", "KubeClient", "JSON"]),
    executable(
      "Gatehouse",
      [
        "Admission", "Controllers", "EventLoop", "GameAdmission", "HotReload", "HTTPServer", "JSON", "KubeClient",
        "Kubernetes", "NetworkPlugins", "Scaler", "SimulatedCluster", "Telemetry", "TLS", "Tracing", logging,
        argumentParser, yams, toml,
      ]),
    executable(
      "Benchmarks",
      [
        "Admission", "CAllocations", "Controllers", "EventLoop", "GameAdmission", "HotReload", "HTTPServer", "JSON",
        "KubeClient", "Kubernetes", "NetworkPlugins", "Scaler", "SimulatedCluster", "TLS", argumentParser,
      ]),
    .target(name: "CAllocations"),

    .target(
      name: "TestSupport", dependencies: ["JSON", "Kubernetes", "Telemetry"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .target(
      name: "ClusterSemantics", dependencies: ["KubeClient", "Kubernetes", "JSON", "TestSupport"],
      path: "Tests/ClusterSemantics", exclude: ["real-cluster"], swiftSettings: strict),
    tests("JSONTests", ["JSON"]),
    tests("TelemetryTests", ["Telemetry", logging]),
    tests("EventLoopTests", ["EventLoop"]),
    tests("TLSTests", ["TLS"]),
    tests("HTTPServerTests", ["HTTPServer", "EventLoop", "TLS"]),
    tests("KubernetesTests", ["Kubernetes", "JSON"]),
    tests("KubeClientTests", ["ClusterSemantics", "KubeClient", "Kubernetes", "Telemetry", "JSON", logging]),
    tests(
      "TracingTests", ["Tracing", "KubeClient", "Telemetry", logging, protobuf]),
    tests("AdmissionTests", ["Admission", "JSON", "Telemetry"]),
    tests("NetworkPluginsTests", ["NetworkPlugins", "Kubernetes", "JSON"]),
    .executableTarget(
      name: "GameStandIn", dependencies: ["EventLoop"], path: "Tests/GameStandIn", swiftSettings: strict),
    tests(
      "HotReloadTests", ["HotReload", "HotReloadAgent", "GameStandIn", "EventLoop", "Kubernetes", "JSON"],
      fixtures: ["Golden"]),
    tests(
      "GameAdmissionTests",
      ["GameAdmission", "Admission", "Kubernetes", "NetworkPlugins", "HotReload", "JSON", "Telemetry"],
      fixtures: ["Fixtures"]),
    tests(
      "ControllersTests",
      [
        "Controllers", "GameAdmission", "HotReload", "NetworkPlugins", "Scaler", "SimulatedCluster", "Kubernetes",
        "JSON", "Telemetry", "TLS",
      ]),
    tests(
      "ScalerTests", ["Scaler", "HTTPServer", "EventLoop", "Telemetry", "Kubernetes", "JSON", protobuf],
      fixtures: ["Client"]),
    tests(
      "SimulatedClusterTests",
      ["SimulatedCluster", "ClusterSemantics", "HTTPServer", "TLS", "KubeClient", "Kubernetes", "JSON"]),
    tests(
      "EndToEndTests",
      ["ClusterSemantics", "SimulatedCluster", "KubeClient", "Kubernetes", "JSON", "Tracing", protobuf]),
    tests(
      "DeployTests",
      ["ClusterSemantics", "Controllers", "KubeClient", "Kubernetes", "NetworkPlugins", "JSON", "TLS", yams]),
    tests("TestSupportTests", []),
    tests("TidyTests", []),
  ]
)
