import Foundation
import TestSupport
import Testing

@testable import HotReload

@Suite("Publishing")
struct PublisherTests {
  /// A source, a published directory and a pod, in one folder of the test's own.
  private struct Place: ~Copyable {
    let folder: TemporaryDirectory
    let source: ConfigMapVolume
    let revisions: PublishedRevisions

    static func make() throws -> Place {
      let folder = try TemporaryDirectory()
      let source = try ConfigMapVolume(folder.file("source"))
      let revisions = PublishedRevisions(directory: folder.file("publish"))
      try FileSystem.makeDirectory(revisions.directory)
      return Place(folder: folder, source: source, revisions: revisions)
    }

    func publish(limit: Int = .max, pod: Bool = false) -> PublishOutcome {
      Publisher(
        source: source.path, revisions: revisions, podDirectory: pod ? folder.file("pod") : nil, sizeLimit: limit
      ).publish()
    }

    /// The names that readers see.
    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: revisions.directory).filter { !$0.hasPrefix("..") }.sorted()
    }

    func read(_ name: String) -> String? { text(revisions.path(name)) }
  }

  @Test("shows a set as Kubernetes' own volumes do, and replaces it as a whole")
  func replaces() throws {
    let place = try Place.make()
    #expect(place.revisions.current == nil)
    try place.source.show(["a": "1", "b": "1"])
    guard case .published(let first) = place.publish() else { return #expect(Bool(false)) }
    #expect(first.files == 2 && first.bytes == 2)
    #expect(place.revisions.current == first.revision)
    #expect(FileSystem.linkTarget(place.revisions.path("a")) == "..data/a")
    #expect(FileSystem.linkTarget(place.revisions.path("..data")) == "..\(first.revision)")

    try place.source.show(["b": "2", "c": "2"])
    guard case .published(let second) = place.publish() else { return #expect(Bool(false)) }
    #expect(second.revision != first.revision)
    #expect(try place.names() == ["b", "c"])
    #expect(place.read("b") == "2")
    #expect(place.read("a") == nil)
    #expect(place.publish() == .unchanged(second))
  }

  @Test("completes a publish that was killed behind its swap, although the source has not changed since")
  func completes() throws {
    let place = try Place.make()
    try place.source.show(["a": "1"])
    _ = place.publish()
    try place.source.show(["b": "2"])
    guard case .published(let report) = place.publish() else { return #expect(Bool(false)) }
    // What the kill leaves: the link of a name that went, and more revisions than are kept.
    try FileSystem.makeLink(place.revisions.path("a"), to: "..data/a")
    for digit in "0123" {
      let revision = String(report.revision.dropLast()) + String(digit)
      if revision != report.revision { try FileSystem.makeDirectory(place.revisions.folder(revision)) }
    }
    #expect(try place.revisions.all().count > PublishedRevisions.kept)
    #expect(place.publish() == .unchanged(report))
    #expect(try place.names() == ["b"])
    #expect(place.read("b") == "2")
    #expect(try place.revisions.all().count <= PublishedRevisions.kept + 1)
    #expect(place.revisions.current == report.revision)
  }

  @Test("keeps the last three revisions, and publishes an older one again without a copy")
  func keepsThree() throws {
    let place = try Place.make()
    var seen: [String] = []
    for number in [1, 2, 3, 4, 5, 3] {
      try place.source.show(["a": "\(number)"])
      guard case .published(let report) = place.publish() else { return #expect(Bool(false)) }
      seen.append(report.revision)
    }
    #expect(seen[2] == seen[5])
    #expect(try place.revisions.all() == [seen[5], seen[4], seen[3]])
    #expect(place.read("a") == "3")
  }

  @Test("goes back step by step, and does not publish again what was rejected")
  func rollsBack() throws {
    let place = try Place.make()
    var seen: [String] = []
    for number in 1...3 {
      try place.source.show(["a": "\(number)"])
      guard case .published(let report) = place.publish() else { return #expect(Bool(false)) }
      seen.append(report.revision)
    }
    #expect(try place.revisions.rollBack() == seen[1])
    #expect(place.read("a") == "2")
    guard case .rejected = place.publish() else { return #expect(Bool(false)) }
    #expect(try place.revisions.rollBack() == seen[0])
    guard case .rejected = place.publish() else { return #expect(Bool(false)) }
    #expect(place.read("a") == "1")
    try place.source.show(["a": "4"])
    guard case .published = place.publish() else { return #expect(Bool(false)) }
    #expect(place.read("a") == "4")
    #expect(place.revisions.rejected == [])
  }

  @Test("has nothing to go back to in the beginning")
  func nothingToRollBack() throws {
    let place = try Place.make()
    #expect(try place.revisions.rollBack() == nil)
    try place.source.show(["a": "1"])
    _ = place.publish()
    #expect(try place.revisions.rollBack() == nil)
    #expect(place.read("a") == "1")
  }

  @Test("takes a directory of an image as it is, with folders, links and permissions")
  func imageDirectory() throws {
    let place = try Place.make()
    try place.folder.write("source/maps/de/one", "1")
    try place.folder.write("source/run.sh", "x")
    try FileSystem.makeLink(place.source.path + "/latest", to: "maps/de")
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: place.source.path + "/run.sh")
    guard case .published(let report) = place.publish() else { return #expect(Bool(false)) }
    #expect(report.files == 2)
    #expect(try place.names() == ["latest", "maps", "run.sh"])
    #expect(place.read("latest/one") == "1")
    #expect(try FileStatus("\(place.revisions.folder(report.revision))/run.sh")?.mode == 0o744)
  }

  @Test("has the same revision for the same content, whatever the times")
  func stableRevision() throws {
    let one = try Place.make()
    let other = try Place.make()
    try one.source.show(["a": "1", "b": ""])
    try other.folder.write("source/a", "1")
    try other.folder.write("source/b", "")
    guard case .published(let first) = one.publish(), case .published(let second) = other.publish() else {
      return #expect(Bool(false))
    }
    #expect(first == second)
  }

  @Test("refuses what cannot be shown, and leaves readers what they have")
  func refusals() throws {
    let place = try Place.make()
    try place.source.show(["a": "1"])
    _ = place.publish()
    try place.source.show([:])
    #expect(place.publish() == .failed("\(SourceTree.root(of: place.source.path)) holds no files"))
    try FileSystem.removeTree(place.source.path)
    guard case .failed(let reason) = place.publish() else { return #expect(Bool(false)) }
    #expect(reason == "\(place.source.path) does not exist")
    for target in ["/etc/passwd", "../outside", "x/../../y"] {
      try FileSystem.removeTree(place.source.path)
      try place.folder.write("source/file", "1")
      try FileSystem.makeLink(place.source.path + "/link", to: target)
      guard case .failed(let reason) = place.publish() else { return #expect(Bool(false)) }
      #expect(reason == "link is a link to \(target), outside of the source")
    }
    #expect(place.read("a") == "1")
  }

  @Test("removes older revisions for a large set, and refuses one that does not fit beside the current")
  func sizeLimit() throws {
    let place = try Place.make()
    let thousand = String(repeating: "x", count: 999)
    for number in 1...3 {
      try place.source.show(["a": thousand + "\(number)"])
      guard case .published = place.publish(limit: 2500) else { return #expect(Bool(false)) }
    }
    #expect(try place.revisions.all().count == 2)
    try place.source.show(["a": thousand + thousand])
    guard case .failed(let reason) = place.publish(limit: 2500) else { return #expect(Bool(false)) }
    #expect(reason.contains("does not fit beside the current one into 2500 bytes"))
    #expect(place.read("a") == thousand + "3")
  }

  @Test("renders templates with the pod's values, under one source fingerprint for all servers")
  func templates() throws {
    var reports: [PublishOutcome.Report] = []
    for name in ["arena-0", "arena-1"] {
      let place = try Place.make()
      try place.source.show(["game.conf.tmpl": "port={{.Ordinal}}{{.Labels.zone}}", "plain": "{{.Ordinal}}"])
      try place.folder.write("pod/name", name)
      try place.folder.write("pod/labels", "zone=\"eu\"")
      guard case .published(let report) = place.publish(pod: true) else { return #expect(Bool(false)) }
      #expect(place.read("game.conf") == "port=\(name.suffix(1))eu")
      #expect(place.read("plain") == "{{.Ordinal}}")
      #expect(try place.names() == ["game.conf", "plain"])
      #expect(report.usesValues)
      reports.append(report)
    }
    #expect(reports[0].source == reports[1].source)
    #expect(reports[0].revision != reports[1].revision)
  }

  @Test("refuses a template that fails, and one whose name is taken")
  func badTemplates() throws {
    let place = try Place.make()
    try place.folder.write("pod/name", "arena-0")
    try place.source.show(["a.tmpl": "\n{{.Labels.zone}}"])
    #expect(place.publish(pod: true) == .failed("a.tmpl:2: the pod has no label zone"))
    try place.source.show(["a.tmpl": "1", "a": "2"])
    #expect(place.publish(pod: true) == .failed("a.tmpl would become a, which the source holds too"))
    #expect(place.publish() == .failed("a.tmpl would become a, which the source holds too"))
    #expect(place.revisions.current == nil)
  }

  @Test("starts over on what a kill left behind")
  func leftovers() throws {
    let place = try Place.make()
    try place.folder.write("publish/..staging/half", "1")
    try FileSystem.makeLink(place.revisions.path("..data_tmp"), to: "..0123456789abcdef")
    try FileSystem.makeLink(place.revisions.path("..link_tmp"), to: "x")
    try place.source.show(["a": "1"])
    guard case .published = place.publish() else { return #expect(Bool(false)) }
    #expect(place.read("a") == "1")
    #expect(try place.names() == ["a"])
  }
}
