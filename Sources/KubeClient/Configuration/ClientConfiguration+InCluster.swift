extension ClientConfiguration {
  /// The folder in which a pod finds its service account.
  public static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// The configuration of a process that runs in a pod: the service account's token, which the kubelet renews, and its authorities.
  ///
  /// - Throws: ``ConfigurationError``: `.notInCluster` without the variables `KUBERNETES_SERVICE_HOST` and `…_PORT`, `.unreadable` without
  ///   a token.
  public static func inCluster(
    environment: [String: String], folder: String = serviceAccountFolder
  ) throws(ConfigurationError) -> ClientConfiguration {
    guard let host = environment["KUBERNETES_SERVICE_HOST"], let port = environment["KUBERNETES_SERVICE_PORT"],
      !host.isEmpty, !port.isEmpty
    else { throw ConfigurationError(.notInCluster, "KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not set") }
    let token = "\(folder)/token"
    guard try !SmallFile.text(token).isEmpty else { throw ConfigurationError(.malformed, "\(token) is empty") }
    let authorities = "\(folder)/ca.crt"
    _ = try SmallFile.read(authorities)
    // The file is missing where a token is mounted by hand; the namespace then has to be named.
    let namespace = (try? SmallFile.text("\(folder)/namespace")) ?? "default"
    // An IPv6 address stands in brackets in a URL (RFC 3986 section 3.2.2).
    let address = host.contains(":") ? "[\(host)]" : host
    return ClientConfiguration(
      endpoint: Endpoint(server: "https://\(address):\(port)", trust: .file(authorities)),
      credentials: Credentials(authorization: .tokenFile(token)), namespace: namespace)
  }
}
