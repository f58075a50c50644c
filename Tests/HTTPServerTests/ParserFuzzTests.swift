import TestSupport
import Testing

@testable import HTTPServer

@Suite("The parsers under mutated input")
struct ParserFuzzTests {
  /// What a connection makes of bytes.
  private enum Event: Equatable {
    case request(Method, path: String, body: [UInt8])
    case refusal(Int)
  }

  private static let seeds = [
    "GET /hello?a=b HTTP/1.1\r\nHost: a\r\nX-Y: z\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: a:80\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"a\": null}",
    "POST /echo HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nabcd\r\nA\r\n0123456789\r\n0\r\nT: u\r\n\r\n",
    "PUT http://a/b HTTP/1.1\r\nHost: a\r\nConnection: close, x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n1",
  ]

  /// What a mutation puts in: the bytes that framing depends on.
  private static let spices = [
    "\r\n", "\n", "\r", " ", "\t", ":", "0", "f", "chunked", "Content-Length: 3\r\n", "\0", ",", ";",
  ]

  @Test(
    "reads the same requests whatever the pieces, and nothing after a refusal", arguments: 1...8 as ClosedRange<UInt64>)
  func readsTheSame(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var refusals = 0
    for _ in 0..<1500 {
      let bytes = Self.mutated(&generator)
      let whole = Self.read([bytes])
      let cuts = Self.pieces(of: bytes, &generator)
      #expect(Self.read(cuts) == whole, "\(String(decoding: bytes, as: UTF8.self))")
      #expect(whole.dropLast().allSatisfy { if case .request = $0 { true } else { false } })
      if case .refusal? = whole.last { refusals += 1 }
    }
    // The mutations are neither all harmless nor all fatal, or this would prove little.
    #expect((300..<1400).contains(refusals))
  }

  @Test("decodes chunks cut anywhere, in one, two and three pieces")
  func decodesCutChunks() throws {
    let coded = Array("3\r\nabc\r\n00a;q=1\r\n0123456789\r\n1\r\n!\r\n000\r\nA: b\r\n\r\nrest".utf8)
    for first in 0...coded.count {
      for second in stride(from: first, through: coded.count, by: 3) {
        var decoder = ChunkedDecoder()
        var buffer = InputBuffer()
        var isComplete = false
        for piece in [coded[..<first], coded[first..<second], coded[second...]] {
          buffer.append(piece)
          if !isComplete { isComplete = try decoder.decode(&buffer, limits: Limits()) }
        }
        #expect(isComplete)
        #expect(decoder.decoded == 14)
        #expect(Array(buffer.storage[buffer.range]) == Array("abc0123456789!rest".utf8))
      }
    }
  }

  private static func mutated(_ generator: inout SeededGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 1...2, using: &generator) {
      bytes += Array(seeds[Int.random(in: 0..<seeds.count, using: &generator)].utf8)
    }
    for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.remove(at: at)
      case 2: bytes.insert(contentsOf: spices[Int.random(in: 0..<spices.count, using: &generator)].utf8, at: at)
      default: bytes.append(contentsOf: bytes[at..<min(bytes.count, at + 20)])
      }
    }
    return bytes
  }

  private static func pieces(of bytes: [UInt8], _ generator: inout SeededGenerator) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let size = Int.random(in: 1...12, using: &generator)
      pieces.append(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    return pieces
  }

  private static func read(_ pieces: [[UInt8]]) -> [Event] {
    let now = ContinuousClock.now
    var machine = HTTP1Machine(limits: Limits(), now: now, life: .seconds(300))
    var (input, head, events) = (InputBuffer(), RequestHead(), [Event]())
    for piece in pieces {
      input.append(piece)
      reading: while true {
        switch machine.next(&input, head: &head, now: now, screen: { _, _ in nil }) {
        case .wait: break reading
        case .sendContinue: continue
        case .pause: return events
        case .dispatch(let count):
          let body = input.withPrefix(count) { span in span.indices.map { span[$0] } }
          events.append(.request(head.method, path: head.path, body: body))
          machine.answered(&input, closing: machine.closes(now: now, draining: false), now: now)
        case .refuse(let error): return events + [.refusal(error.status.code)]
        }
      }
    }
    return events
  }
}
