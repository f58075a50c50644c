public import Kubernetes

/// One watch request: the events behind a version until the server, the network or the reader ends it.
public struct WatchSession: ~Copyable, Sendable {
  /// What the reader gets.
  public enum Step: Sendable {
    /// The server accepted the request.
    case opened
    /// Events in order, at least one.
    case events([WatchEvent])
    /// The watch is over; nil when the server ended it in order.
    case ended(KubernetesError?)
  }

  private let stream: RunningStream
  private let trim: ObjectTrim

  init(_ stream: consuming RunningStream, _ trim: ObjectTrim) {
    self.stream = stream
    self.trim = trim
  }

  /// Waits for the next step; a cancelled task ends the watch.
  public func next() async -> Step {
    switch await stream.next() {
    case .opened: .opened
    case .lines(let lines): .events(lines.map { WatchEvent($0, trim) })
    case .refused(let answer): .ended(KubernetesError(answer))
    case .ended(let failure): .ended(failure.map(KubernetesError.init))
    }
  }
}

extension KubeClient {
  /// Starts a watch for what happens behind a version, with bookmarks.
  ///
  /// - Parameter duration: How long the server keeps the watch; nil takes the client's limit and a random part.
  public func watch(
    _ resource: Resource, _ selection: ObjectSelection = ObjectSelection(), from version: String,
    trim: ObjectTrim? = nil, duration: Duration? = nil
  ) async throws(KubernetesError) -> WatchSession {
    let duration = duration ?? limits.watchDuration * Double.random(in: 1..<2)
    var request = APIRequest(.watch, resource, namespace: selection.namespace)
    request.query.set("watch", "true")
    request.query.set("allowWatchBookmarks", "true")
    request.query.set("resourceVersion", version)
    request.query.set("timeoutSeconds", String(max(1, duration.components.seconds)))
    request.query.set(labelSelector: selection.labels, fieldSelector: selection.fields)
    // The server ends the watch first; the client's own limit is for one that no longer does.
    let stream = try await stream(request, lifetime: duration + .seconds(30))
    return WatchSession(stream, trim ?? ObjectTrim(resource))
  }
}
