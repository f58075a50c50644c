import Foundation

@testable import HotReload

/// A directory that shows files as kubelet shows a ConfigMap: behind `..data`, which is swapped in one step.
struct ConfigMapVolume: Sendable {
  let path: String

  init(_ path: String) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Shows other files, and removes the old ones at once, as kubelet does.
  func show(_ files: [String: String]) throws {
    let old = FileSystem.linkTarget(path + "/..data")
    let folder = "..\(UUID().uuidString)"
    try FileSystem.makeDirectory("\(path)/\(folder)")
    for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(path)/\(folder)/\(name)")) }
    try FileSystem.makeLink("\(path)/..data_tmp", to: folder)
    try FileSystem.rename("\(path)/..data_tmp", to: "\(path)/..data")
    for name in files.keys where FileSystem.linkTarget("\(path)/\(name)") == nil {
      try FileSystem.makeLink("\(path)/\(name)", to: "..data/\(name)")
    }
    if let old { try FileSystem.removeTree("\(path)/\(old)") }
  }
}

/// The text of a file, or nil where there is none.
func text(_ path: String) -> String? {
  (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) }
}
