import JSON
import KubeClient

/// Reads kubeconfig files: YAML, of which the client itself knows nothing.
enum KubeconfigFile {
  /// The longest file; certificates of a hundred clusters fit.
  private static let limit = 4 << 20

  /// The configuration of a context; nil is the current one.
  ///
  /// - Parameters:
  ///   - paths: the files, the most important first.
  ///   - skipsMissing: whether files that are not there are left out, as `kubectl` does with those of `KUBECONFIG`.
  static func configuration(
    _ paths: [String], context: String?, skipsMissing: Bool
  ) throws(CommandFailure) -> ClientConfiguration {
    var files: [KubeConfig.File] = []
    for path in paths where !skipsMissing || FileText.exists(path) { files.append(try load(path)) }
    guard !files.isEmpty else {
      throw CommandFailure("no kubeconfig at \(paths.joined(separator: ", ")); name one with --kubeconfig")
    }
    let configuration = KubeConfig(files)
    do {
      return try configuration.configuration(context: context)
    } catch {
      let known = configuration.contexts.joined(separator: ", ")
      let hint = error.code == .missing ? "; --context takes one of: \(known.isEmpty ? "none is there" : known)" : ""
      throw CommandFailure("\(paths.joined(separator: ", ")): \(error)\(hint)")
    }
  }

  private static func load(_ path: String) throws(CommandFailure) -> KubeConfig.File {
    do throws(InputError) {
      let bytes = try FileText.read(path, limit: limit)
      guard let json = try YAMLText.documents(bytes, file: path).first?.json.root, json.isObject else {
        throw InputError(path, "holds no kubeconfig: a map with clusters, users and contexts belongs there")
      }
      return KubeConfig.File(json, folder: folder(of: path))
    } catch {
      throw CommandFailure("\(error)")
    }
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }
}
