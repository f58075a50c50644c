import HotReload
import JSON
import Kubernetes

/// What a game server's hot reload has come to, as its annotations tell it.
enum HotReloadResult: Sendable, Equatable {
  /// The sidecar has not started yet.
  case pending
  /// A new image waits until the server is free.
  case held
  /// The sidecar restarts with a new image.
  case updating
  /// The sidecar runs what the annotations ask for and has published it.
  case current
  /// The sidecar cannot start, for this reason of kubelet's.
  case failed(String)
  /// The annotations ask for what only a new pod can have.
  case outdated
  /// The pod was admitted without the sidecar.
  case missing
  /// The annotations do not parse.
  case unusable

  /// The annotation's text: one word, and behind `failed: ` kubelet's one.
  var text: String {
    switch self {
    case .pending: "pending"
    case .held: "held"
    case .updating: "updating"
    case .current: "current"
    case .failed(let reason): "failed: \(reason)"
    case .outdated: "outdated"
    case .missing: "missing"
    case .unusable: "unusable"
    }
  }
}

/// How far a sidecar is, from what kubelet reports of its container.
struct SidecarState: Sendable, Equatable {
  /// How the container is.
  enum Phase: Sendable, Equatable {
    /// It waits to be started, or has not passed its startup probe, which it does with its first look at the source.
    case starting
    /// It runs and has published.
    case running
    /// It cannot start, for this reason of kubelet's.
    case failed(String)
    /// A new image was asked for, and the container of the old one still runs.
    case restarting
  }

  let phase: Phase
  /// What the game sees: the image of the assets with its digest, or the agent's fingerprint of the last set that it told of.
  let revision: String?

  init(_ sidecar: RunningSidecar, _ mark: SidecarUpdate?) {
    let status = sidecar.status?.json
    let waiting = status?["state"]?["waiting"]?["reason"]?.string ?? ""
    let isRunning = status?["state"]?["running"] != nil
    // An earlier image's container runs until kubelet has stopped it, and its status says nothing of the new one.
    let isOld = mark.map { $0.image == sidecar.container.image && !$0.isOver(sidecar.status) } ?? false
    phase =
      switch (isRunning, Self.hopeful.contains(waiting)) {
      case (true, _) where isOld: .restarting
      case (true, _): status?["started"]?.bool ?? false ? .running : .starting
      case (false, true): isOld ? .restarting : .starting
      case (false, false): .failed(waiting)
      }
    switch sidecar.settings.source {
    case .image:
      revision = phase == .running ? Self.revision(sidecar.container.image, sidecar.status?.imageID ?? "") : nil
    case .configMap, .secret: revision = Self.lastWords(sidecar)
    }
  }

  /// What kubelet says of a container that it is about to start; empty before it says anything.
  private static let hopeful: Set<String> = ["", "ContainerCreating", "PodInitializing"]

  /// The image with the digest that a tag had on that node, so that a moved tag shows.
  private static func revision(_ image: String, _ imageID: String) -> String {
    guard !image.contains("@"), let at = imageID.lastIndex(of: "@") else { return image }
    return image + imageID[at...]
  }

  /// The revision in the message that the agent left when it ended last, as kubelet keeps it.
  private static func lastWords(_ sidecar: RunningSidecar) -> String? {
    let status = sidecar.status?.json
    let message =
      status?["state"]?["terminated"]?["message"]?.string ?? status?["lastState"]?["terminated"]?["message"]?.string
    return message.flatMap { try? JSONDocument($0).root["revision"]?.string }
  }
}

/// What the sidecar was before its image was last changed, kept in an annotation of the pod.
///
/// The runtime may report an image under another name than the pod has, so a new container is recognised by what differs from the old one.
struct SidecarUpdate: Sendable, Equatable {
  let image: String
  let oldImageID: String
  let oldRestarts: Int

  /// The mark of a pod; nil where there is none or somebody wrote something else.
  init?(_ pod: Pod) {
    guard let text = pod.metadata.annotations[HotReloadAnnotation.update.key], let mark = try? JSONDocument(text).root,
      let image = mark["image"]?.string
    else { return nil }
    self.image = image
    oldImageID = mark["imageID"]?.string ?? ""
    oldRestarts = mark["restarts"]?.int ?? 0
  }

  /// The mark for a change of image that is about to be made.
  init(to image: String, _ sidecar: RunningSidecar) {
    self.image = image
    oldImageID = sidecar.status?.imageID ?? ""
    oldRestarts = sidecar.status?.restartCount ?? 0
  }

  /// The annotation's text.
  var text: String {
    (["image": .string(image), "imageID": .string(oldImageID), "restarts": .int(oldRestarts)] as JSONValue).text
  }

  /// Whether the container is another one than before the change.
  func isOver(_ status: ContainerStatus?) -> Bool {
    guard let status else { return false }
    return status.restartCount > oldRestarts || (!status.imageID.isEmpty && status.imageID != oldImageID)
  }
}
