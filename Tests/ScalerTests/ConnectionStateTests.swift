import Kubernetes
import TestSupport
import Testing

@testable import Scaler

@Suite("States of a gRPC connection")
struct ConnectionStateTests {
  private static let watch = Frame.call("/externalscaler.ExternalScaler/StreamIsActive")

  /// A ScaledObjectRef of games/arena behind its prefix.
  private static let reference: [UInt8] = MessageReader.frame(
    [0x0a, 5] + Array("arena".utf8) + [0x12, 5] + Array("games".utf8))

  @Test("gives up on a client that says nothing")
  func silentClient() {
    let peer = Peer()
    let opened = peer.now
    #expect(!peer.waitForDeadline())
    #expect(opened.duration(to: peer.now) == GRPCLimits().preface)
  }

  @Test("pings a quiet client, and gives up on one that does not answer")
  func keepAlive() {
    let peer = Peer()
    peer.begin()
    let begun = peer.now
    #expect(peer.waitForDeadline())
    #expect(begun.duration(to: peer.now) == GRPCLimits().keepAlive)
    #expect(peer.take().map(\.kind) == [Frame.Kind.ping])
    #expect(!peer.waitForDeadline())
    #expect(begun.duration(to: peer.now) == GRPCLimits().keepAlive + GRPCLimits().pong)
  }

  @Test("keeps a quiet client that answers, until no call has come for long")
  func idle() {
    let peer = Peer()
    peer.begin()
    let begun = peer.now
    var frames: [Frame] = []
    for _ in 0..<40 where !peer.connection.isOver {
      #expect(peer.waitForDeadline())
      let sent = peer.take()
      frames += sent
      for ping in sent where ping.kind == Frame.Kind.ping {
        frames += peer.send(Frame(Frame.Kind.ping, flags: 1, payload: ping.payload))
      }
    }
    #expect(peer.connection.isOver)
    #expect(frames.filter { $0.kind == Frame.Kind.goAway }.count == 2)
    #expect(begun.duration(to: peer.now) >= GRPCLimits().idle)
  }

  @Test(
    "bounds the time for a request, and the time that the client gives",
    arguments: [(nil, 10.0), ("2S", 2.0), ("1M", 10.0)] as [(String?, Double)])
  func requestDeadline(timeout: String?, seconds: Double) {
    let peer = Peer()
    peer.begin()
    let fields =
      Frame.call("/externalscaler.ExternalScaler/GetMetrics") + (timeout.map { [("grpc-timeout", $0)] } ?? [])
    peer.send(Frame.headers(1, fields), Frame.data(1, [0, 0], ends: false))
    let begun = peer.now
    #expect(peer.waitForDeadline())
    #expect(begun.duration(to: peer.now) == .seconds(seconds))
    let frames = peer.take()
    #expect(frames.map(\.kind) == [Frame.Kind.headers, Frame.Kind.reset])
    #expect(frames.last?.word(at: 0) == 0)
  }

  @Test("tells each change of a followed state once")
  func followed() {
    let peer = Peer()
    peer.begin()
    let first = peer.send(Frame.headers(1, Self.watch), Frame.data(1, Self.reference))
    #expect(first.map(\.kind) == [Frame.Kind.headers, Frame.Kind.data])
    #expect(peer.index.subscriptionCount == 1)
    peer.connection.look(now: peer.now)
    #expect(peer.take().isEmpty)
    peer.store.set(.gameServerSets, Objects.set("arena", replicas: 2, waiting: 2))
    peer.connection.look(now: peer.now)
    // False is what proto3 leaves out: an empty message.
    #expect(peer.take() == [Frame(Frame.Kind.data, stream: 1, payload: [0, 0, 0, 0, 0])])
    peer.store.set(.pods, Objects.pod("arena", 0))
    peer.connection.look(now: peer.now)
    #expect(peer.take().isEmpty)
    peer.send(Frame.reset(1))
    #expect(peer.index.subscriptionCount == 0)
  }

  @Test("keeps the last state only for a client that does not read")
  func slowReader() {
    let peer = Peer()
    peer.begin()
    peer.send(Frame(Frame.Kind.settings, payload: [0, 4, 0, 0, 0, 0]))
    peer.send(Frame.headers(1, Self.watch), Frame.data(1, Self.reference))
    for waiting in [2, 0, 2, 0, 2] {
      peer.store.set(.gameServerSets, Objects.set("arena", replicas: 2, waiting: waiting))
      peer.connection.look(now: peer.now)
    }
    let frames = peer.send(Frame(Frame.Kind.window, stream: 1, payload: [0, 0, 1, 0]))
    #expect(frames.map(\.payload) == [[0, 0, 0, 0, 2, 8, 1], [0, 0, 0, 0, 0]])
  }

  @Test("ends in good order: announces, ends what would go on, answers what comes meanwhile, says the last stream")
  func drain() {
    let peer = Peer()
    peer.begin()
    peer.send(Frame.headers(1, Self.watch), Frame.data(1, Self.reference))
    peer.connection.drain(now: peer.now)
    let announced = peer.take()
    #expect(announced.map(\.kind) == [Frame.Kind.ping, Frame.Kind.goAway, Frame.Kind.headers])
    #expect(announced[1].word(at: 0) == 0x7fff_ffff)
    #expect(!peer.connection.isOver)
    let answered = peer.send(Frame.headers(3), Frame.data(3, [0, 0, 0, 0, 0]))
    #expect(answered.map(\.kind) == [Frame.Kind.headers, Frame.Kind.data, Frame.Kind.headers])
    let last = peer.send(Frame(Frame.Kind.ping, flags: 1, payload: Array(repeating: 0, count: 8)))
    #expect(last.first?.kind == Frame.Kind.goAway)
    #expect(last.first?.word(at: 0) == 3)
    #expect(peer.connection.isOver)
  }

  @Test("lets go of everything when the connection is gone")
  func gone() {
    let peer = Peer()
    peer.begin()
    for stream in 0..<20 as Range<UInt32> {
      peer.send(Frame.headers(2 * stream + 1, Self.watch), Frame.data(2 * stream + 1, Self.reference))
    }
    #expect(peer.index.subscriptionCount == 20)
    peer.connection.close(now: peer.now)
    #expect(peer.index.subscriptionCount == 0)
  }

  @Test("bounds what waits of requests that are not complete")
  func pendingInput() {
    let peer = Peer()
    peer.begin()
    var resets = 0
    for stream in 0..<40 as Range<UInt32> {
      let id = 2 * stream + 1
      let prefix: [UInt8] = [0, 0, 0, 0xff, 0xff]
      peer.send(Frame.headers(id))
      let parts = [prefix] + Array(repeating: Array(repeating: 1, count: 15_000), count: 4)
      for part in parts {
        resets += peer.send(Frame.data(id, part, ends: false)).filter { $0.kind == Frame.Kind.reset }.count
      }
    }
    #expect(resets > 0)
  }
}
