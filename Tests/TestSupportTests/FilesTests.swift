import Foundation
import TestSupport
import Testing

@Suite struct FilesTests {
  @Test("a temporary directory takes its files with it")
  func temporaryDirectory() throws {
    var path = ""
    do {
      let directory = try TemporaryDirectory()
      path = directory.path
      try directory.write("deep/a.txt", "one")
      try directory.write("deep/a.txt", "two")
      #expect(try directory.read("deep/a.txt") == Array("two".utf8))
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("fixtures are found beside the test")
  func fixtures() throws {
    #expect(try Fixture.text("FilesTests.swift").contains("fixtures are found beside the test"))
    #expect(try Fixture.names(in: ".", suffix: "FilesTests.swift") == ["FilesTests.swift"])
    #expect(throws: (any Error).self) { try Fixture.load("absent.json") }
  }

  @Test("built programs are found beside the tests, and a missing one is named")
  func builtProducts() throws {
    #expect(FileManager.default.fileExists(atPath: BuiltProducts.directory))
    #expect(FileManager.default.fileExists(atPath: try BuiltProducts.repository() + "/Package.swift"))
    let missing = #expect(throws: BuiltProducts.Missing.self) { try BuiltProducts.executable("no-such-program") }
    #expect(missing?.description.contains("no-such-program") == true)
  }

  @Test("a seeded generator repeats itself")
  func seeded() {
    var first = SeededGenerator(seed: 7)
    var second = SeededGenerator(seed: 7)
    var other = SeededGenerator(seed: 8)
    let numbers = (0..<4).map { _ in first.next() }
    #expect(numbers == (0..<4).map { _ in second.next() })
    #expect(numbers != (0..<4).map { _ in other.next() })
  }
}
