import ArgumentParser

/// Where to listen, as Go programs take it: `HOST:PORT`, `:PORT`, or `0` for nowhere.
enum BindAddress: Equatable {
  /// Nowhere.
  case off
  /// At this port; nil is the host that everything else listens on. An IPv6 host is in brackets.
  case at(host: String?, port: UInt16)

  /// Reads an address; of names only `localhost` is known, because nobody is asked for others while ports are opened.
  ///
  /// - Throws: a `ValidationError` that names what is accepted.
  static func parse(_ text: String) throws -> BindAddress {
    guard text != "0" else { return .off }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw ValidationError("an address to listen on is HOST:PORT, :PORT, or 0 for none")
    }
    switch text[..<colon] {
    case "": return .at(host: nil, port: port)
    case "localhost": return .at(host: "127.0.0.1", port: port)
    case let host: return .at(host: String(host), port: port)
    }
  }

  /// The port; nil where nothing listens.
  var port: UInt16? {
    if case .at(_, let port) = self { port } else { nil }
  }

  /// `host:port`, with this host where none is named; nil where nothing listens.
  func text(host other: String) -> String? {
    if case .at(let host, let port) = self { "\(host ?? other):\(port)" } else { nil }
  }
}
