import JSON

extension Endpoint {
  /// Reads a `cluster` of a kubeconfig.
  init(_ cluster: KubeConfig.Entry, name: String) throws(ConfigurationError) {
    guard let server = cluster.text("server") else {
      throw ConfigurationError(.missing, "the cluster \(name) names no server")
    }
    // kubectl takes a bare address for plain HTTP.
    self.init(server: server.contains("://") ? server : "http://\(server)")
    if cluster.json["insecure-skip-tls-verify"]?.bool == true {
      trust = .nothing
    } else if let pem = try cluster.data("certificate-authority-data") {
      trust = .pem(pem)
    } else if let path = cluster.path("certificate-authority") {
      trust = .file(path)
    }
    tlsServerName = cluster.text("tls-server-name")
    proxy = cluster.text("proxy-url")
  }
}

extension Credentials {
  /// Reads a `user` of a kubeconfig.
  ///
  /// Where several are set, data beats a file for certificates, and a file beats a text for tokens, as in Kubernetes' own client.
  init(_ user: KubeConfig.Entry, name: String, cluster: KubeConfig.Entry) throws(ConfigurationError) {
    self.init()
    if user.json["auth-provider"]?.isObject == true {
      throw ConfigurationError(
        .unsupported, "the user \(name) has an auth-provider, which Kubernetes removed in 1.26; use exec")
    }
    identity = try ClientIdentity(user, name: name)
    if let path = user.path("tokenFile") {
      authorization = .tokenFile(path)
    } else if let token = user.text("token") {
      authorization = .token(token)
    } else if let login = user.text("username") {
      authorization = .basic(user: login, password: user.text("password") ?? "")
    } else if let exec = user.json["exec"], exec.isObject {
      authorization = .exec(try ExecCommand(exec, folder: user.folder, cluster: cluster))
    }
    if let other = user.text("as") {
      impersonation = Impersonation(
        user: other, groups: user.json.list("as-groups").compactMap(\.string))
    }
  }
}

extension ClientIdentity {
  fileprivate init?(_ user: KubeConfig.Entry, name: String) throws(ConfigurationError) {
    let (certificate, key) = (try user.data("client-certificate-data"), try user.data("client-key-data"))
    switch (certificate, user.path("client-certificate"), key, user.path("client-key")) {
    case (nil, nil, nil, nil): return nil
    case (let certificate?, _, let key?, _): self = .pem(certificate: certificate, key: key)
    case (nil, let certificate?, nil, let key?): self = .files(certificate: certificate, key: key)
    case (let certificate?, _, nil, let key?): self = .pem(certificate: certificate, key: try SmallFile.read(key))
    case (nil, let certificate?, let key?, _): self = .pem(certificate: try SmallFile.read(certificate), key: key)
    default: throw ConfigurationError(.missing, "the user \(name) has a certificate without its key, or a key alone")
    }
  }
}

extension ExecCommand {
  fileprivate init(_ exec: JSONView, folder: String, cluster: KubeConfig.Entry) throws(ConfigurationError) {
    guard let command = exec["command"]?.string, !command.isEmpty else {
      throw ConfigurationError(.missing, "an exec entry has no command")
    }
    let apiVersion = exec["apiVersion"]?.string ?? "client.authentication.k8s.io/v1"
    guard apiVersion.hasPrefix("client.authentication.k8s.io/v1") else {
      throw ConfigurationError(.unsupported, "the exec entry of \(command) speaks \(apiVersion)")
    }
    if exec["interactiveMode"]?.isString("Always") == true {
      throw ConfigurationError(.unsupported, "\(command) demands a terminal")
    }
    // A name with a slash is a path, relative to the kubeconfig.
    let isRelative = command.contains("/") && !command.hasPrefix("/") && !folder.isEmpty
    self.init(
      command: isRelative ? "\(folder)/\(command)" : command,
      arguments: exec.list("args").compactMap(\.string), apiVersion: apiVersion,
      installHint: exec["installHint"]?.string ?? "")
    for variable in exec.list("env") {
      if let name = variable["name"]?.string { environment[name] = variable["value"]?.string ?? "" }
    }
    if exec["provideClusterInfo"]?.bool == true { clusterInfo = try Self.info(cluster).text }
  }

  /// The `Cluster` of an `ExecCredential`: the kubeconfig's, with the authorities as data and not as a path.
  private static func info(_ cluster: KubeConfig.Entry) throws(ConfigurationError) -> JSONValue {
    var info = JSONValue.object(JSONObject())
    for field in ["server", "tls-server-name", "insecure-skip-tls-verify", "proxy-url"] {
      info[field] = cluster.json[field].map(JSONValue.init)
    }
    if let data = cluster.text("certificate-authority-data") {
      info["certificate-authority-data"] = .string(data)
    } else if let path = cluster.path("certificate-authority") {
      info["certificate-authority-data"] = .string(Base64.encode(try SmallFile.read(path)))
    }
    return info
  }
}
