import JSON
import KubeClient
import Kubernetes

extension SemanticsCase {
  /// Watches: what they deliver, where they resume, and how they end.
  static let watches: [SemanticsCase] = [
    SemanticsCase("a watch delivers every change behind its version, in order") { context in
      let start = try await context.version()
      try await context.changeOneObject()
      let events = try await context.events(from: start, until: 3)
      try expect(events.map(\.word), is: ["set 1", "set 2", "deleted 2"], "events")
      let versions = events.compactMap { Int($0.object?.metadata.resourceVersion ?? "") }
      try expect(versions == versions.sorted() && Set(versions).count == 3, "the versions \(versions) ascend")
    },
    SemanticsCase("a watch resumes behind any event") { context in
      let start = try await context.version()
      try await context.changeOneObject()
      let first = try await context.events(from: start, until: 1)
      let version = try require(first.first?.object?.metadata.resourceVersion)
      let rest = try await context.events(from: version, until: 2)
      try expect(rest.map(\.word), is: ["set 2", "deleted 2"], "events")
    },
    SemanticsCase("an object that leaves the selection is deleted for the watch, one that enters is set") { context in
      let start = try await context.version()
      try await context.createConfigMap("one", ["n": "1"], labels: ["in": "yes"])
      let leave: JSONValue = ["metadata": ["labels": ["in": "no"]], "data": ["n": "2"]]
      try await context.client.patch(.configMaps, context.key("one"), .merge(leave))
      let enter: JSONValue = ["metadata": ["labels": ["in": "yes"]], "data": ["n": "3"]]
      try await context.client.patch(.configMaps, context.key("one"), .merge(enter))
      let events = try await context.events(from: start, labels: "in=yes", until: 3)
      try expect(events.map(\.kindWord), is: ["set", "deleted", "set"], "events")
    },
    SemanticsCase("a watch ends in order after its time, with a bookmark before that") { context in
      let start = try await context.version()
      let session = try await context.client.watch(
        .configMaps, context.mine(labels: "in=yes"), from: start, duration: .seconds(6))
      var made: KubernetesObject?
      var bookmark: String?
      loop: while true {
        switch await session.next() {
        // The watch does not see it, but the bookmark counts it in.
        case .opened: made = try await context.createConfigMap("one")
        case .events(let events):
          for case .bookmark(let version) in events { bookmark = version }
        case .ended(let error):
          try expect(error, is: nil, "end")
          break loop
        }
      }
      let version = try require(bookmark)
      try expect(Int(version) ?? 0 >= Int(try require(made).metadata.resourceVersion) ?? 1, "the bookmark is behind it")
      let rest = try await context.client.watch(.configMaps, context.mine(), from: version, duration: .seconds(1))
      try expect(try await rest.collect().map(\.word), is: [], "events behind the bookmark")
    },
    SemanticsCase("a watch from a forgotten version is gone") { context in
      guard let perform = context.server.perform else { return }
      try await context.createConfigMap("one")
      // A server that was started anew has none of the events before its start in memory.
      try await perform(.compact)
      try await perform(.stop)
      try await perform(.start)
      let session = try await context.client.watch(.configMaps, context.mine(), from: "1", duration: .seconds(30))
      while true {
        switch await session.next() {
        case .opened: break
        case .events(let events):
          for event in events {
            guard case .error(let error) = event else { throw SemanticsFailure("an event: \(event)") }
            try expect(error.status, is: 410, "status of the error event")
            return
          }
        case .ended(let error):
          try expect(error?.status, is: 410, "status")
          return
        }
      }
    },
    SemanticsCase("watches of many objects miss nothing and invent nothing") { context in
      let start = try await context.version()
      for number in 0..<40 { try await context.createConfigMap("m-\(number % 8)-\(number)", ["n": "\(number)"]) }
      let events = try await context.events(from: start, until: 40)
      try expect(events.map(\.word), is: (0..<40).map { "set \($0)" }, "events")
    },
  ]
}

/// The value, which has to be there.
func require<Value>(_ value: Value?, file: String = #fileID, line: Int = #line) throws -> Value {
  guard let value else { throw SemanticsFailure("\(file):\(line): nothing there") }
  return value
}

extension WatchEvent {
  /// The object of a change.
  fileprivate var object: KubernetesObject? {
    switch self {
    case .set(let object), .deleted(let object): object
    case .bookmark, .error, .undecodable: nil
    }
  }

  fileprivate var kindWord: String {
    switch self {
    case .set: "set"
    case .deleted: "deleted"
    case .bookmark: "bookmark"
    case .error(let error): "error \(error)"
    case .undecodable(let reason): "undecodable \(reason)"
    }
  }

  /// What happened, and the object's number.
  fileprivate var word: String {
    object.map { "\(kindWord) \($0.json["data"]?["n"]?.string ?? "")" } ?? kindWord
  }
}

extension WatchSession {
  /// The changes until the end, or until there are so many.
  fileprivate borrowing func collect(until limit: Int = .max) async throws -> [WatchEvent] {
    var all: [WatchEvent] = []
    while all.count < limit {
      switch await next() {
      case .opened: break
      case .events(let events):
        all += events.filter { if case .bookmark = $0 { false } else { true } }
      case .ended(let error):
        guard limit == .max else {
          throw SemanticsFailure("the watch ended (\(String(describing: error))) after \(all)")
        }
        return all
      }
    }
    return all
  }
}

extension SemanticsContext {
  /// The config maps of this case, without the one that a controller puts into every namespace.
  fileprivate func mine(labels: String = "") -> ObjectSelection {
    ObjectSelection(namespace: namespace, labels: labels, fields: "metadata.name!=kube-root-ca.crt")
  }

  /// The version of the collection now.
  fileprivate func version() async throws -> String {
    try await client.page(.configMaps, mine(), limit: nil).resourceVersion
  }

  /// Creates, changes and deletes the config map `one`.
  fileprivate func changeOneObject() async throws {
    try await createConfigMap("one", ["n": "1"])
    try await client.patch(.configMaps, key("one"), .merge(["data": ["n": "2"]]))
    try await client.delete(.configMaps, key("one"))
  }

  /// So many changes behind a version.
  fileprivate func events(from version: String, labels: String = "", until limit: Int) async throws -> [WatchEvent] {
    let session = try await client.watch(.configMaps, mine(labels: labels), from: version, duration: .seconds(60))
    return try await session.collect(until: limit)
  }
}
