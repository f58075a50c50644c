import ArgumentParser
import GameAdmission
import JSON
import NetworkPlugins

/// `gatehouse lint`: what would be refused, and what is doubtful, before anything is applied.
struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Check manifests before they reach a cluster.",
    discussion: """
      Looks at GameServerSets, GameServers, Pods and PodTemplates in files and folders; other kinds are passed over. \
      Writes `file:line: level: message (rule)`, where level is error (would be refused), warning (would be allowed \
      with a warning) or advice. Ends with 1 when there are errors, 2 when a path cannot be read at all.

      Examples:
        gatehouse lint deploy/examples
        gatehouse lint -o json manifests/ extra.yaml
      """)

  @Argument(help: ArgumentHelp("Files and folders to check, or - for standard input.", valueName: "path"))
  var paths: [String]

  @OptionGroup(title: "Decisions") var decisions: DecisionOptions

  @Option(name: [.short, .customLong("output")], help: "How findings are written.")
  var output = ListFormat.text

  func run() throws {
    let decider = try decisions.decider(decisions.cluster().store)
    var findings: [PlacedFinding] = []
    var count = 0
    for file in try paths.flatMap({ path throws(InputError) in try ManifestFiles.find(path) }) {
      do {
        for manifest in try ManifestFile.load(file) {
          count += 1
          findings += ManifestLint(decider).findings(manifest)
        }
      } catch {
        // One broken file does not hide what is to be said of the others.
        findings.append(PlacedFinding(error))
      }
    }
    write(findings, count)
    guard !findings.contains(where: { $0.finding.level == .error }) else { throw ExitCode(ExitStatus.refused) }
  }

  private func write(_ findings: [PlacedFinding], _ count: Int) {
    switch output {
    case .json: Terminal.line(JSONValue.array(findings.map(\.value)).text)
    case .text:
      for finding in findings { Terminal.line(finding.text) }
      let levels = LintFinding.Level.allCases.map { level in
        level.counted(findings.count { $0.finding.level == level })
      }
      Terminal.error("\(count) object\(count == 1 ? "" : "s"): \(levels.joined(separator: ", "))")
    }
  }
}
