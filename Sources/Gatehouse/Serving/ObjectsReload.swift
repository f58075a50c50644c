import EventLoop
import Kubernetes
import Logging
import Telemetry

/// Keeps the objects of manifests up to date while the process serves.
struct ObjectsReload {
  /// How often to look without being told.
  private static let interval = Duration.seconds(2)

  private let cluster: ManifestCluster
  private let logger: Logger
  private let loaded: Counter
  private let refused: Counter

  init(_ cluster: ManifestCluster, _ registry: MetricRegistry, _ logger: Logger) {
    self.cluster = cluster
    self.logger = logger
    let help = "Readings of the manifests by result; a refused one leaves the objects as they were."
    loaded = registry.counter("gatehouse_objects_reloads_total", help: help, labels: ["result": "loaded"])
    refused = registry.counter("gatehouse_objects_reloads_total", help: help, labels: ["result": "refused"])
    let store = cluster.store
    registry.onCollect { collection in
      for resource in Manifest.resources where store.count(resource) > 0 {
        collection.gauge(
          "gatehouse_objects", help: "Objects that stand in for the cluster.",
          labels: ["resource": resource.description], Double(store.count(resource)))
      }
    }
  }

  /// Starts to watch the files.
  func start(on loop: EventLoop) -> FileWatch {
    FileWatch(
      on: loop, every: ObjectsReload.interval, folders: { cluster.paths.flatMap(ManifestFiles.folders) }, check: check)
  }

  private func check() {
    switch cluster.refresh() {
    case .unchanged: break
    case .loaded(let objects):
      loaded.increment()
      logger.info("manifests read again", metadata: ["objects": "\(objects)"])
    case .refused(let error):
      refused.increment()
      logger.error("manifests cannot be used, the objects stay as they were", metadata: ["error.message": "\(error)"])
    }
  }
}
