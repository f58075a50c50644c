import TestSupport
import Testing

/// Each rule, held against a small file that breaks it and one that does not: a rule that cannot fail proves nothing.
@Suite struct RuleTests {
  private func file(_ path: String, _ text: String) -> SourceFile {
    SourceFile(path: path, text: text)
  }

  @Test(
    "refuses an import",
    arguments: [
      ("Sources/Kubernetes/A.swift", "import KubeClient"), ("Sources/JSON/A.swift", "public import Foundation"),
      ("Sources/Admission/A.swift", "internal import struct Kubernetes.Pod"),
      ("Sources/Kubernetes/A.swift", "@testable import Admission"), ("Sources/HTTPServer/A.swift", "import NIOCore"),
      ("Sources/HotReload/Inject/A.swift", "import EventLoop"), ("Sources/Gatehouse/A.swift", "import COpenSSL"),
      ("Sources/Gatehouse/A.swift", "import Foundation"), ("Sources/Unknown/A.swift", ""),
      ("Sources/JSON/A.swift", "import Glibc; import Logging"),
    ])
  func badImport(_ path: String, _ text: String) {
    #expect(ImportRules.check(file(path, text)).count == 1)
  }

  @Test(
    "allows an import",
    arguments: [
      ("Sources/Kubernetes/A.swift", "public import JSON"), ("Sources/HotReload/Agent/A.swift", "import EventLoop"),
      ("Sources/Gatehouse/A.swift", "import Logging\nimport Yams\nimport Controllers"),
      ("Sources/JSON/A.swift", "// import KubeClient\nlet a = \"import KubeClient\"\n/* import\nimport X */"),
      ("Tests/JSONTests/A.swift", "import Foundation"),
    ])
  func goodImport(_ path: String, _ text: String) {
    #expect(ImportRules.check(file(path, text)) == [])
  }

  @Test("refuses a second importer of a C module")
  func shims() {
    let owner = file("Sources/TLS/A.swift", "import COpenSSL")
    #expect(ImportRules.shimImporters([owner]) == [])
    #expect(ImportRules.shimImporters([owner, file("Sources/Gatehouse/A.swift", "import COpenSSL")]).count == 1)
    #expect(ImportRules.shimImporters([file("Sources/JSON/A.swift", "import CLinux")]).count == 1)
  }

  @Test(
    "refuses a manifest with",
    arguments: [
      (#".package(url: "https://github.com/apple/swift-nio", from: "2.0.0"),"#, "swift-nio"),
      (#".package(path: "../local"),"#, "../local"), (#"library("JSON", ["Kubernetes"]),"#, "JSON"),
      (#"library("Kubernetes", ["JSON", logging]),"#, "Logging"), (#"library("New"),"#, "New"),
    ])
  func manifest(_ addition: String, _ word: String) throws {
    let manifest = try Fixture.text("../../Package.swift")
    let findings = ManifestRules.check(manifest + addition)
    #expect(findings.count == 1 && findings[0].message.contains(word), "\n\(findings.list)")
  }

  @Test("refuses a manifest that declares a target in a way the table cannot follow")
  func hiddenTarget() throws {
    let manifest = try Fixture.text("../../Package.swift").replacing("library(\"JSON\"", with: ".target(name: \"JSON\"")
    #expect(ManifestRules.check(manifest).map(\.message).contains { $0.contains("JSON") })
  }

  @Test("refuses a file past the limit of lines, a last line feed not counted", arguments: [(400, 0), (401, 1)])
  func fileLength(_ lines: Int, _ findings: Int) {
    let text = String(repeating: "\n", count: lines)
    #expect(LengthRules.check(file("Sources/JSON/A.swift", text)).count == findings)
    #expect(LengthRules.check(file("Sources/Scaler/A.pb.swift", text)) == [])
  }

  @Test(
    "refuses a function past the limit of lines", arguments: [68, 69],
    [
      "func f(_ g: () -> Int = { 1 }) -> Int {", "init(a: Int) {", "deinit {", "subscript(i: Int) -> Int {",
      "var a: [Int] {", "static func < (left: A, right: A) -> Bool {", "func f<T>(_ t: T) throws(E) where T: P {",
    ])
  func functionLength(_ lines: Int, _ head: String) {
    let body = String(repeating: "    let text = \"}\" // }\n", count: lines)
    let text = "struct A {\n  \(head)\n\(body)  }\n}\n"
    #expect(LengthRules.check(file("Sources/JSON/A.swift", text)).map(\.line) == (lines == 69 ? [2] : []))
  }

  @Test("does not take for a function what has no body")
  func bodiless() {
    let text = """
      protocol P {
        func f() -> Int
        init(a: Int)
        var a: Int
      }
      enum A {
      \(String(repeating: "  case a\n", count: 100))
      }
      let b = A.init(1)
      struct C {
        var c = [1]
        func d() {
        }
      }
      """
    let scanner = FunctionScanner(lines: file("A.swift", text).code)
    #expect(scanner.functions().map(\.keyword) == ["func"])
    #expect(scanner.functions().map(\.lineCount) == [2])
  }

  @Test(
    "refuses the code",
    arguments: [
      "let a = try! f()", "final class A: @unchecked Sendable {}", "// It is safe\nstruct A: @unchecked Sendable {}",
      "@safe struct A {\n  let b: UnsafePointer<Int>\n}", "Task { await f() }",
      "Task.detached { }", "let t = Task(priority: .high) {\n}",
    ])
  func badCode(_ text: String) {
    #expect(CodeRules.check(file("Sources/JSON/A.swift", text)).count == 1)
  }

  @Test(
    "allows the code",
    arguments: [
      "let a = \"try! f()\" // try! f()", "// Safe because locked.\n@frozen\nstruct A: @unchecked Sendable {}",
      "struct A: @unchecked Sendable {}  // Safe because locked.",
      "struct A: @unchecked Sendable {\n  // Safe because locked.\n}", "@safe  // Safe because owned.\nstruct A {}",
      "@safe struct A {\n  // Safe because owned.\n}", "func task() {}", "let a = TaskGroup { }",
      "let a = \"\"\"\n  try! \\(f(\"try!\"))\n  \"\"\"", "let a = #\"\"try! \"#", "let a = [/try!/, #/try!/#]",
    ])
  func goodCode(_ text: String) {
    #expect(CodeRules.check(file("Sources/JSON/A.swift", text)) == [])
  }

  @Test("allows unstructured tasks in the wiring and in tests", arguments: ["Sources/Gatehouse/", "Tests/JSONTests/"])
  func wiring(_ folder: String) {
    #expect(CodeRules.check(file("\(folder)A.swift", "Task { await f() }")) == [])
  }

  @Test(
    "refuses the words",
    arguments: WordRules.unfinished.map { "// \($0): later" } + WordRules.machinePaths.map { "cd \($0)x" } + [
      "cp \(WordRules.outside)/spec .", "// " + WordRules.unfinished[3].uppercased(),
    ])
  func badWords(_ line: String) {
    #expect(WordRules.check(file("deploy/run", "first\n\(line)\n")).map(\.line) == [2])
  }

  @Test(
    "allows the words",
    arguments: [
      "mastodon TODOS", "https://example.com/work/x", "${prefix}/root/x", "for nowhere", "/opt/other",
    ])
  func goodWords(_ line: String) {
    #expect(WordRules.check(file("deploy/run", line)) == [])
  }

  @Test("only test set-up may look for a cluster outside")
  func cluster() {
    #expect(WordRules.check(file(".ci/run", "look \(WordRules.cluster)/cluster")) == [])
    #expect(WordRules.check(file("deploy/run", "look \(WordRules.cluster)")).count == 1)
    #expect(WordRules.check(file("Tests/run", "look \(WordRules.outside)/spec")).count == 1)
  }

  @Test("refuses keys and certificates, not their marks", arguments: ["EC PRIVATE KEY", "PRIVATE KEY", "CERTIFICATE"])
  func secrets(_ label: String) {
    let mark = "-----BEGIN \(label)-----"
    let block = "\(mark)\n\(String(repeating: "A", count: 64))\n"
    #expect(SecretRules.check(file("certs/a.txt", block)).count == 1)
    #expect(SecretRules.check(file("Sources/TLS/A.swift", "let mark = \"\(mark)\"\nlet other = 1\n")) == [])
  }

  @Test("refuses what the layout has no place for")
  func layout() {
    #expect(
      LayoutRules.topLevel(["README.md", "Sources/A/a.swift", "Makefile", "docs/a.md"]).map(\.path) == [
        "Makefile", "docs",
      ])
    #expect(LayoutRules.targets(["Sources/JSON/a.swift", "Sources/Util/a.swift"]).map(\.path) == ["Sources/Util"])
  }

  @Test("the formatter refuses a file that is not in its form", arguments: [("let a = 1\n", 0), ("let  a=1;\n", 1)])
  func format(_ text: String, _ code: Int32) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("A.swift", text)
    let settings = try Repository.current.get().root + "/.swift-format"
    let output = try FormatLint.run(["--configuration", settings, path], in: directory.path)
    #expect(output.exit == .code(code), "\n\(output.standardError)")
  }
}
