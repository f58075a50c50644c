public import JSON

/// A kubeconfig, parsed: clusters, users, and the contexts that pair them.
///
/// The file is YAML, of which this target knows nothing: whoever reads it turns it into JSON first. Several files (`KUBECONFIG` is a list)
/// are merged as `kubectl` does: the first that defines a name wins.
public struct KubeConfig: Sendable {
  /// A file of the list.
  public struct File: Sendable {
    /// Its contents.
    public let json: JSONView
    /// The folder to which its relative paths refer.
    public let folder: String

    /// Pairs the contents of a file with the folder it lies in.
    public init(_ json: JSONView, folder: String) {
      self.json = json
      self.folder = folder
    }
  }

  /// A named entry and the folder of its file.
  struct Entry {
    let json: JSONView
    let folder: String

    /// The string of a field; nil where it is absent or empty, which Go's omitempty makes the same.
    func text(_ field: String) -> String? { json[field]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    /// The path in a field, made absolute.
    func path(_ field: String) -> String? {
      text(field).map { $0.hasPrefix("/") || folder.isEmpty ? $0 : "\(folder)/\($0)" }
    }

    /// The decoded bytes of a field.
    func data(_ field: String) throws(ConfigurationError) -> [UInt8]? {
      guard let text = text(field) else { return nil }
      // Line breaks in YAML make white space that is no part of the text.
      guard let bytes = Base64.decode(text.filter { !$0.isWhitespace }) else {
        throw ConfigurationError(.malformed, "\(field) is no base64")
      }
      return bytes
    }
  }

  private let files: [File]

  /// Merges files, the most important first.
  public init(_ files: [File]) { self.files = files }

  /// A kubeconfig of one file.
  public init(_ json: JSONView, folder: String = "") { files = [File(json, folder: folder)] }

  /// The context that is used where none is named; empty where the files name none.
  public var currentContext: String {
    files.lazy.compactMap { $0.json["current-context"]?.string }.first { !$0.isEmpty } ?? ""
  }

  /// The names of the contexts, in the order of the files.
  public var contexts: [String] {
    var seen: Set<String> = []
    return files.flatMap { $0.json.list("contexts").compactMap { $0["name"]?.string } }
      .filter { seen.insert($0).inserted }
  }

  /// The configuration of a client for a context; nil is the current one.
  ///
  /// - Throws: ``ConfigurationError`` for a name that is not there, data that is no base64, or a way to log in that this client does not
  ///   have.
  public func configuration(context name: String? = nil) throws(ConfigurationError) -> ClientConfiguration {
    let name = name ?? currentContext
    guard !name.isEmpty else { throw ConfigurationError(.missing, "the kubeconfig has no current-context") }
    let context = try entry("contexts", "context", name)
    guard let clusterName = context.text("cluster") else {
      throw ConfigurationError(.missing, "the context \(name) names no cluster")
    }
    let cluster = try entry("clusters", "cluster", clusterName)
    var configuration = ClientConfiguration(endpoint: try Endpoint(cluster, name: clusterName))
    if let user = context.text("user") {
      configuration.credentials = try Credentials(try entry("users", "user", user), name: user, cluster: cluster)
    }
    if let namespace = context.text("namespace") { configuration.namespace = namespace }
    return configuration
  }

  private func entry(_ list: String, _ field: String, _ name: String) throws(ConfigurationError) -> Entry {
    for file in files {
      for entry in file.json.list(list) where entry["name"]?.isString(name) == true {
        if let json = entry[field] { return Entry(json: json, folder: file.folder) }
      }
    }
    throw ConfigurationError(.missing, "the kubeconfig has no \(field) named \(name)")
  }
}

extension JSONView {
  /// The elements of a list; none where it is absent.
  func list(_ name: String) -> [JSONView] { self[name].map { Array($0.elements) } ?? [] }
}
