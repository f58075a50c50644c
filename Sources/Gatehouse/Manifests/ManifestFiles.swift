import Glibc

/// Finds the manifests that a path stands for.
enum ManifestFiles {
  /// The file itself, or every `.yaml`, `.yml` and `.json` file in the folder and those below it, in the order of their names.
  ///
  /// Names that start with a dot are left out: editors, git and Kubernetes' own volume mounts keep their business there.
  ///
  /// - Throws: ``InputError`` for a path that does not exist or cannot be read, or a folder with too many files.
  static func find(_ path: String) throws(InputError) -> [String] {
    guard path != "-", try isFolder(path) else { return [path] }
    var found: [String] = []
    try search(path, depth: 0, &found)
    return found
  }

  /// The folders that have to be watched to notice a change of the manifests of a path.
  static func folders(_ path: String) -> [String] {
    guard let isFolder = try? isFolder(path) else { return [] }
    guard isFolder else {
      guard let slash = path.lastIndex(of: "/") else { return ["."] }
      return [slash == path.startIndex ? "/" : String(path[..<slash])]
    }
    let files = (try? find(path)) ?? []
    return Set([path] + files.compactMap { $0.lastIndex(of: "/").map($0.prefix(upTo:)).map(String.init) }).sorted()
  }

  private static func isFolder(_ path: String) throws(InputError) -> Bool { try kind(path) == S_IFDIR }

  /// What a path leads to, as `stat(2)` has it.
  private static func kind(_ path: String) throws(InputError) -> mode_t {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      let code = errno
      throw InputError(path, "cannot be read: \(FileText.reason(code))")
    }
    return status.st_mode & S_IFMT
  }

  private static func search(_ folder: String, depth: Int, _ found: inout [String]) throws(InputError) {
    guard depth <= ManifestLimits.folderDepth else {
      throw InputError(
        folder, "lies more than \(ManifestLimits.folderDepth) folders deep; is a link leading in a circle?")
    }
    for name in try names(in: folder) {
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      let isNamedSo = [".yaml", ".yml", ".json"].contains(where: name.hasSuffix)
      // What cannot be looked at and is not named like a manifest, such as a link that leads nowhere, is nobody's business.
      guard let kind = isNamedSo ? try kind(path) : try? kind(path) else { continue }
      if kind == S_IFDIR {
        try search(path, depth: depth + 1, &found)
      } else if kind == S_IFREG, isNamedSo {
        // A named pipe would hold up who opens it until somebody writes.
        found.append(path)
      }
      guard found.count <= ManifestLimits.files else {
        throw InputError(folder, "holds more than \(ManifestLimits.files) manifests; name a smaller folder")
      }
    }
  }

  private static func names(in folder: String) throws(InputError) -> [String] {
    guard let stream = unsafe opendir(folder) else {
      let code = errno
      throw InputError(folder, "cannot be read: \(FileText.reason(code))")
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
