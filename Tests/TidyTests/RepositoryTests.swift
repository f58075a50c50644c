import TestSupport
import Testing

/// The rules, held against this repository.
@Suite struct RepositoryTests {
  @Test("every target imports only what its arrows allow")
  func imports() throws {
    let findings = try Repository.current.get().files.flatMap(ImportRules.check)
    #expect(findings.isEmpty, "\n\(findings.list)")
  }

  @Test("each C module has one importer")
  func shims() throws {
    let findings = ImportRules.shimImporters(try Repository.current.get().files)
    #expect(findings.isEmpty, "\n\(findings.list)")
  }

  @Test("the manifest names only the agreed packages and dependencies")
  func manifest() throws {
    let findings = ManifestRules.check(try Fixture.text("../../Package.swift"))
    #expect(findings.isEmpty, "\n\(findings.list)")
  }

  @Test("no file and no function has run away")
  func lengths() throws {
    let findings = try Repository.current.get().files.flatMap(LengthRules.check)
    #expect(findings.isEmpty, "\n\(findings.list)")
  }

  @Test("nothing is forced, unchecked without a reason, or left running")
  func code() throws {
    let findings = try Repository.current.get().files.flatMap(CodeRules.check)
    #expect(findings.isEmpty, "\n\(findings.list)")
  }

  @Test("nothing is marked as unfinished or tied to a machine")
  func words() throws {
    let findings = try Repository.current.get().files.flatMap(WordRules.check)
    #expect(findings.isEmpty, "\n\(findings.list)")
  }

  @Test("no key or certificate is kept")
  func secrets() throws {
    let findings = try Repository.current.get().files.flatMap(SecretRules.check)
    #expect(findings.isEmpty, "\n\(findings.list)")
  }

  @Test("files lie where the layout has a place for them")
  func layout() throws {
    let paths = try Repository.current.get().paths
    let findings = LayoutRules.topLevel(paths) + LayoutRules.targets(paths)
    #expect(findings.isEmpty, "\n\(findings.list)")
  }

  @Test("the formatter has nothing to say")
  func format() throws {
    let output = try FormatLint.run(["-r", "Sources", "Tests", "Package.swift"], in: try Repository.current.get().root)
    #expect(output.exit == .code(0), "\n\(output.standardOutput)\(output.standardError)")
  }
}
