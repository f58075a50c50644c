import Glibc
import Kubernetes

/// The objects of a user's manifests, standing in for a cluster.
///
/// What cannot be read changes nothing: the objects of the last good reading stay.
final class ManifestCluster {
  /// What a second look at the files found.
  enum Refresh {
    /// The files are as they were.
    case unchanged
    /// The store now holds this many objects.
    case loaded(objects: Int)
    /// The files cannot be used as they are; the store is as it was.
    case refused(InputError)
  }

  private static let oftenLeftOut: Set<Resource> = [.configMaps, .secrets]

  /// The files or folders as the user named them.
  let paths: [String]
  /// What everything else reads.
  let store = ObjectStore()
  private var fingerprint: [String]

  /// Reads all manifests for the first time.
  ///
  /// - Throws: ``InputError`` when any of them cannot be used.
  init(_ paths: [String]) throws(InputError) {
    self.paths = paths
    fingerprint = ManifestCluster.fingerprint(of: paths)
    fill(try ManifestCluster.load(paths))
  }

  /// Looks whether a file changed, came or went, and reads all again if so.
  func refresh() -> Refresh {
    let current = ManifestCluster.fingerprint(of: paths)
    guard current != fingerprint else { return .unchanged }
    fingerprint = current
    do {
      return .loaded(objects: fill(try ManifestCluster.load(paths)))
    } catch {
      return .refused(error)
    }
  }

  /// Reads the manifests of all paths and makes sure that none is there twice.
  private static func load(_ paths: [String]) throws(InputError) -> [Manifest] {
    var all: [Manifest] = []
    var seen: [Identity: Manifest] = [:]
    for path in paths {
      for file in try ManifestFiles.find(path) {
        for manifest in try ManifestFile.load(file) {
          // What only has a generateName is not stored yet: the API server names it.
          guard let resource = manifest.resource, !manifest.object.name.isEmpty else { continue }
          if let other = seen.updateValue(manifest, forKey: Identity(resource: resource, key: manifest.object.key)) {
            throw InputError(
              manifest.file, line: manifest.line,
              "has \(manifest.title), which \(other.file):\(other.line) has too; remove one of them")
          }
          all.append(manifest)
        }
      }
    }
    return all
  }

  @discardableResult private func fill(_ manifests: [Manifest]) -> Int {
    for resource in Manifest.resources {
      let objects = manifests.filter { $0.resource == resource }.map(\.object)
      // Manifests of a game seldom hold the ConfigMaps and Secrets that they name: without any, nothing is known of them.
      let isKnown = !ManifestCluster.oftenLeftOut.contains(resource) || store.hasSynced(resource) || !objects.isEmpty
      if isKnown { store.replace(resource, with: objects) }
    }
    return manifests.count
  }

  private struct Identity: Hashable {
    let resource: Resource
    let key: NamespacedName
  }

  /// What changes whenever a file does: its place, size, times and number.
  private static func fingerprint(of paths: [String]) -> [String] {
    paths.flatMap { path in
      ((try? ManifestFiles.find(path)) ?? []).map { file in
        var status = stat()
        guard unsafe stat(file, &status) == 0 else { return file }
        // The time of the change, too: permissions may let a file be read that could not be.
        return "\(file) \(status.st_ino) \(status.st_size) \(text(status.st_mtim)) \(text(status.st_ctim))"
      }
    }
  }

  /// The bytes of a time: all that matters is whether it is another one.
  private static func text(_ time: timespec) -> String { unsafe withUnsafeBytes(of: time) { unsafe "\(Array($0))" } }
}
