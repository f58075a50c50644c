import CCurl

/// Sets curl's options from values; the only place that knows their names.
///
/// The setters fail only for an option that the library was built without; the features that matter (TLS, HTTP) show at the first request.
@safe struct CurlOptions {
  // Safe because it lives within the initialiser of the transfer that owns the handle, and curl copies all that is set here.
  private let easy: UnsafeMutableRawPointer

  init(_ easy: UnsafeMutableRawPointer) { unsafe self.easy = unsafe easy }

  /// The request itself.
  mutating func set(_ call: HTTPCall, _ endpoint: Endpoint) {
    text(CURLOPT_URL, endpoint.requestBase + call.target)
    switch call.method {
    case .get: long(CURLOPT_HTTPGET, 1)
    case .post, .put, .patch, .delete: text(CURLOPT_CUSTOMREQUEST, call.method.rawValue)
    }
    if let body = call.body {
      unsafe _ = curl_shim_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      unsafe body.withUnsafeBytes { unsafe _ = curl_shim_set_bytes(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
    }
    long(CURLOPT_TIMEOUT_MS, Int((call.timeout / .milliseconds(1)).rounded(.up)))
    long(CURLOPT_CONNECTTIMEOUT_MS, Int((endpoint.connectTimeout / .milliseconds(1)).rounded(.up)))
    // Name resolution with signals is not safe with threads.
    long(CURLOPT_NOSIGNAL, 1)
    // The redirects of an API server lead only to other servers; credentials must not follow them.
    long(CURLOPT_FOLLOWLOCATION, 0)
    long(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    // A URL or a proxy of another scheme (`file:`, `ftp:`) is refused.
    text(CURLOPT_PROTOCOLS_STR, "http,https")
    connection(endpoint)
  }

  /// How connections are made, shared and found dead.
  private func connection(_ endpoint: Endpoint) {
    let version =
      switch endpoint.version {
      case .one: CURL_HTTP_VERSION_1_1
      case .negotiated: CURL_HTTP_VERSION_2TLS
      case .two: CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
      }
    long(CURLOPT_HTTP_VERSION, Int(version))
    // Many requests share one connection instead of opening their own.
    long(CURLOPT_PIPEWAIT, endpoint.version == .negotiated ? 1 : 0)
    // curl 7.88, which Debian 12 has, begins HTTP/2 anew on a connection that already speaks it, and the request fails.
    long(CURLOPT_FORBID_REUSE, endpoint.version == .two ? 1 : 0)
    long(CURLOPT_TCP_NODELAY, 1)
    // A watch may be silent for minutes: the kernel finds out whether the other side lives (9 probes after 15 s: about a minute).
    long(CURLOPT_TCP_KEEPALIVE, 1)
    long(CURLOPT_TCP_KEEPIDLE, 15)
    long(CURLOPT_TCP_KEEPINTVL, 5)
  }

  /// Who the server must be and who the client is.
  mutating func set(_ endpoint: Endpoint, identity: ClientIdentity?) {
    let verifies = endpoint.trust != .nothing
    long(CURLOPT_SSL_VERIFYPEER, verifies ? 1 : 0)
    long(CURLOPT_SSL_VERIFYHOST, verifies ? 2 : 0)
    switch endpoint.trust {
    case .system, .nothing: break
    case .file(let path):
      text(CURLOPT_CAINFO, path)
      // The built-in folder of authorities would be trusted beside the file.
      text(CURLOPT_CAPATH, nil)
    case .pem(let bytes):
      blob(CURLOPT_CAINFO_BLOB, bytes)
      text(CURLOPT_CAPATH, nil)
    }
    switch identity {
    case nil: break
    case .files(let certificate, let key):
      text(CURLOPT_SSLCERT, certificate)
      text(CURLOPT_SSLKEY, key)
    case .pem(let certificate, let key):
      blob(CURLOPT_SSLCERT_BLOB, certificate)
      blob(CURLOPT_SSLKEY_BLOB, key)
    }
    if let proxy = endpoint.proxy { text(CURLOPT_PROXY, proxy) }
  }

  private func text(_ option: CURLoption, _ value: String?) { unsafe _ = curl_shim_set_text(easy, option, value) }
  private func long(_ option: CURLoption, _ value: Int) { unsafe _ = curl_shim_set_long(easy, option, value) }

  private func blob(_ option: CURLoption, _ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { unsafe _ = curl_shim_set_blob(easy, option, $0.baseAddress, $0.count) }
  }
}
