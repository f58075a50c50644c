import TestSupport
import Testing

@testable import KubeClient

@Suite struct LineSplitterTests {
  @Test("cuts a stream into the same lines wherever the network cuts it")
  func cutsAnywhere() {
    let stream = Array("{\"a\":1}\n\n{\"b\":2}\n{\"c\":3}\nrest".utf8)
    var random = SeededGenerator(seed: 7)
    for _ in 0..<200 {
      var splitter = LineSplitter()
      var lines: [LineSplitter.Line] = []
      var place = 0
      while place < stream.count {
        let end = min(stream.count, place + Int.random(in: 1...9, using: &random))
        lines += splitter.take(Array(stream[place..<end]).span)
        place = end
      }
      #expect(lines == ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"].map { .text(Array($0.utf8)) })
    }
  }

  @Test("skips a line that is too long and goes on behind it", arguments: [1, 3, 100])
  func skipsLongLines(chunk: Int) {
    let stream = Array("ok\n0123456789\nfine\n".utf8)
    var splitter = LineSplitter(limit: 5)
    var lines: [LineSplitter.Line] = []
    for start in stride(from: 0, to: stream.count, by: chunk) {
      lines += splitter.take(Array(stream[start..<min(start + chunk, stream.count)]).span)
    }
    #expect(lines == [.text(Array("ok".utf8)), .tooLong(10), .text(Array("fine".utf8))])
  }
}
